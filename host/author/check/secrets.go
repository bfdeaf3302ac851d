package check

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"

	"carjs/host/lazyregexp"
)

// maxSecretFile is the most that is read of a file to look for secrets: keys are small.
const maxSecretFile = 1 << 20

var (
	privateKey = lazyregexp.New(`-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY-----`)
	// assigned is a line of a file of environment variables that gives a value to what is called
	// like a secret.
	assigned = lazyregexp.New(`(?mi)^[ \t]*(?:export[ \t]+)?` +
		`([A-Z0-9_]*(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIALS?))[ \t]*=[ \t]*["']?[^\s"'#$]`)
)

// keyStores are the endings of files that hold private keys in a form that is not text.
var keyStores = []string{".p12", ".pfx", ".jks", ".keystore", ".kdbx"}

// checkSecrets looks through the files of the folder, apart from packages and hidden folders.
func checkSecrets(_ context.Context, s *Subject) []Finding {
	var findings []Finding
	err := fs.WalkDir(s.FS, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "node_modules" || name != "." && strings.HasPrefix(entry.Name(), ".")):
			return fs.SkipDir
		case !entry.Type().IsRegular():
			return nil
		}
		found, err := secretIn(s.FS, name)
		if found != nil {
			findings = append(findings, *found)
		}
		return err
	})
	if err != nil {
		findings = append(findings, Finding{Severity: Error, Message: "cannot read the folder: " + err.Error()})
	}
	return findings
}

// secretIn returns the finding for a file that holds a secret.
func secretIn(files fs.FS, name string) (*Finding, error) {
	found := &Finding{Severity: Warning, File: name, Line: 1, Column: 1, Hide: true,
		Hint: "move it out of the connector's folder and make it a setting; replace the secret if it was shared"}
	for _, ending := range keyStores {
		if strings.EqualFold(path.Ext(name), ending) {
			found.Message, found.Line, found.Column = "the file is a private key store", 0, 0
			return found, nil
		}
	}
	text, err := beginning(files, name)
	if err != nil || bytes.IndexByte(text, 0) >= 0 {
		return nil, err
	}
	if at := privateKey().FindIndex(text); at != nil {
		found.Message = "the file contains a private key"
		found.Line = bytes.Count(text[:at[0]], []byte("\n")) + 1
		return found, nil
	}
	if base := path.Base(name); base == ".env" || strings.HasPrefix(base, ".env.") && base != ".env.example" || path.Ext(base) == ".env" {
		if at := assigned().FindSubmatchIndex(text); at != nil {
			found.Message = string(text[at[2]:at[3]]) + " has a value in this file"
			found.Line = bytes.Count(text[:at[2]], []byte("\n")) + 1
			return found, nil
		}
	}
	return nil, nil
}

// beginning reads a file, up to maxSecretFile.
func beginning(files fs.FS, name string) (text []byte, err error) {
	file, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return io.ReadAll(io.LimitReader(file, maxSecretFile))
}
