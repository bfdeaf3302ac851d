package testrun

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
)

// The elements of JUnit's XML, as build servers read it: a suite for each file, and one for the
// checks.
type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	File    string        `xml:"file,attr,omitempty"`
	Time    string        `xml:"time,attr"`
	Failure []junitText   `xml:"failure"`
	Error   []junitText   `xml:"error"`
	Skipped *junitSkipped `xml:"skipped"`
	Out     string        `xml:"system-out,omitempty"`
}

type junitText struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

type junitSkipped struct {
	Message string `xml:"message,attr,omitempty"`
}

// WriteJUnit writes a run in JUnit's XML.
func WriteJUnit(w io.Writer, r *Result) error {
	all := junitSuites{Name: r.Connector, Time: seconds(r.Took)}
	for _, f := range r.Files {
		all.add(fileSuite(f))
	}
	if len(r.Checks) > 0 {
		all.add(checkSuite(r.Checks))
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (s *junitSuites) add(suite junitSuite) {
	for _, c := range suite.Cases {
		suite.Tests++
		switch {
		case len(c.Failure) > 0:
			suite.Failures++
		case len(c.Error) > 0:
			suite.Errors++
		case c.Skipped != nil:
			suite.Skipped++
		}
	}
	s.Tests += suite.Tests
	s.Failures += suite.Failures + suite.Errors
	s.Suites = append(s.Suites, suite)
}

func fileSuite(f File) junitSuite {
	suite := junitSuite{Name: f.Name, Time: seconds(f.Took)}
	if len(f.Failures) > 0 {
		suite.Cases = append(suite.Cases,
			junitCase{Name: "the file", Class: f.Name, File: f.Name, Time: seconds(0), Error: junitTexts(f.Failures)})
	}
	for _, t := range f.Tests {
		c := junitCase{Name: t.FullName(), Class: f.Name, File: f.Name, Time: seconds(t.Took), Failure: junitTexts(t.Failures)}
		if t.Outcome == Skipped || t.Outcome == Todo {
			c.Skipped = &junitSkipped{Message: string(t.Outcome)}
		}
		var lines []string
		for _, line := range t.Log {
			lines = append(lines, line.Text)
		}
		c.Out = strings.Join(lines, "\n")
		suite.Cases = append(suite.Cases, c)
	}
	return suite
}

func checkSuite(checks []Check) junitSuite {
	suite := junitSuite{Name: "acceptance checks"}
	var took time.Duration
	for _, c := range checks {
		took += c.Took
		one := junitCase{Name: c.Name, Class: suite.Name, Time: seconds(c.Took), Failure: junitTexts(c.Failures)}
		if c.Outcome == Skipped {
			one.Skipped = &junitSkipped{Message: c.Reason}
		}
		suite.Cases = append(suite.Cases, one)
	}
	suite.Time = seconds(took)
	return suite
}

func junitTexts(failures []Reason) []junitText {
	var texts []junitText
	for _, f := range failures {
		message, _, _ := strings.Cut(f.Message, "\n")
		parts := []string{f.Message}
		if f.CodeFrame != "" {
			parts = append(parts, f.CodeFrame)
		}
		if f.At != "" {
			parts = append(parts, "at "+f.At)
		}
		texts = append(texts, junitText{Message: message, Text: strings.Join(parts, "\n")})
	}
	return texts
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
