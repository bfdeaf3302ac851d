package settings

// ParseConfig reads the text of a config.json that is not, or not yet, in a connector's folder;
// file is what mistakes call it. Errors are those of [ReadDeclaration].
func ParseConfig(file string, data []byte) (*Declaration, error) {
	declaration, err := parseConfig(file, data)
	if err != nil {
		return nil, declarationFailure(err)
	}
	return declaration, nil
}

// CheckLanguage tells whether a text is a lang_en.json that can be merged with another: an object
// whose sections are objects. File is what mistakes call it. Errors are those of [ReadDeclaration].
func CheckLanguage(file string, data []byte) error {
	doc, root, err := parseJSON(file, data)
	if err != nil {
		return declarationFailure(err)
	}
	if _, ok := root.members(); !ok {
		return declarationFailure(doc.mistake(root.offset, "the file must contain an object"))
	}
	var mistakes Mistakes
	for _, section := range []string{"connection", "configuration"} {
		n, there := root.get(section)
		if _, ok := n.members(); there && !ok {
			mistakes = append(mistakes, doc.mistake(n.offset, "%s must be an object", section))
		}
	}
	if mistakes != nil {
		return declarationFailure(mistakes)
	}
	return nil
}

// Fault says what the text must be to be a value of the setting, such as "must be a number from 1
// to 65535"; empty when it is one. It does not repeat the text.
func (f Field) Fault(text string) string {
	_, fault := ruleOf(&f).parse(text)
	return fault
}

// HasPassword tells whether a text is a URL with a password in it, which must not be shown.
func HasPassword(text string) bool { return urlPassword(text) != "" }

// Parse reads a text as a value of the setting; the value is as [Values.Value] has it. The fault is
// what the text must be, and does not repeat it; empty when all is well.
func (s Setting) Parse(text string) (value any, fault string) { return ruleOfSetting(&s).parse(text) }

// Written returns the text of a setting as it was given, for those who write it down again; "" for
// a password, and for a setting without a value.
func (v Values) Written(env string) string {
	if v.state == nil {
		return ""
	}
	for _, e := range v.state.entries {
		if e.env == env && !e.secret {
			return v.get(env).text
		}
	}
	return ""
}
