package script

import (
	"errors"
	"regexp"
	"strings"
	"testing"
)

// TestRegExp compares regular expressions with the standard, as literals of a program and as made
// by the class.
func TestRegExp(t *testing.T) {
	for code, want := range map[string]string{
		`"x😀y😀".replace(%[\uD800-\uDBFF][\uDC00-\uDFFF]%g, "X")`:                                                                "xXyX",
		`"x😀y".match(%[\uD83C-\uD83E][\uDE00-\uDE80]%g).join()`:                                                                 "😀",
		`[..."😀a😀".matchAll(%(?:[\ud800-\udbff][\udc00-\udfff])%g)].length`:                                                     "2",
		`"😀".replace(%[\uD800-\uDBFF][\uDC00-\uDFFF]%, "X")`:                                                                    "X",
		`%[\uD800-\uDBFF][\uDC00-\uDFFF]%.exec("a😀").index`:                                                                     "1",
		`"x😀y\ude10".match(%[\uDE00-\uDE80]%g).length`:                                                                          "2",
		`"x😀y\ude10".replace(%(?:[^\uD800-\uDBFF]|^)[\uDC00-\uDFFF]%g, "?")`:                                                    "x😀?",
		`"\ud83dx😀".replace(%[\uD800-\uDBFF](?![\uDC00-\uDFFF])%g, "?")`:                                                        "?x😀",
		`"a😀b".match(%a|[\uD800-\uDBFF][\uDC00-\uDFFF]|b%g).join()`:                                                             "a,😀,b",
		`"🇩🇪 👍🏽".match(%(?:\ud83c[\udde6-\uddff]){2}|[\ud83c-\ud83e][\udc00-\udfff]%g).length`:                                  "3",
		`"a😀b".match(%\ud83c[\udffb-\udfff](?=x)|(?:[^\ud800-\udfff]|[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff])%g).join()`: "a,😀,b",
		`"a😀b\ud83d".match(%[\ud800-\udbff](?![\udc00-\udfff])|[^\udc00-\udfff](?=b)%g).length`:                                 "1",
		`"é a".replace(%\b%g, "|")`:                                                                                             "é |a|",
		`"élan vital".replace(%\b\w%g, (c) => c.toUpperCase())`:                                                                 "éLan Vital",
		`"éa é".match(%\B.%g).join()`:                                                                                           "é,é",
		`"a\r\nkey: b\r\n".match(%^key: (.*)$%m)[1]`:                                                                            "b",
		`"a\u2028b".match(%^b$%m) !== null`:                                                                                     "true",
		`"a\rb\nc\r\nd".match(%^.$%gm).join()`:                                                                                  "a,b,c,d",
		`"a\nb".match(%^b%) === null && "a\nb".match(%a$%) === null`:                                                            "true",
		`"a\nb".split(%^%m).length`:                                                                                             "2",
		`"".match(%^$%m) !== null && "\n".match(%^$%gm).length === 2`:                                                           "true",
		`const r = %^a%gm; r.lastIndex = 2; r.test("b\ra") && r.lastIndex === 3`:                                                "true",
		`%^\p{L}+$%u.test("éßДあ") + "" + %^\p{L}+$%u.test("a1")`:                                                                "truefalse",
		`"a1é2".match(%\p{L}(?=\d)%gu).join()`:                                                                                  "a,é",
		`"ÀÉ x".replace(%(\p{Lu})\1?%gu, (c) => c.toLowerCase())`:                                                               "àé x",
		`"x😀y".match(%\p{Extended_Pictographic}%u)[0] + "a".match(%[\P{Lu}]%u)[0]`:                                              "😀a",
		`%\p{Cs}%u.test("a\ud800b") + "" + %\p{Cs}%u.test("😀")`:                                                                 "truefalse",
		`%^[\p{sc=Greek}\-_]+$%u.test("α-Ω_")`:                                                                                  "true",
		`%^[^\p{L}\d]$%u.test("a") + "" + %^[^\p{L}\d]$%u.test("-")`:                                                            "falsetrue",
		`"déjà vu".split(%[^\p{L}]+%u).join("|") + %\p{Lu}%iu.test("a")`:                                                        "déjà|vutrue",
		`%^[\p{L}--[a-z]]+$%v.test("É") + "" + %^[\p{L}--[a-z]]+$%v.test("e")`:                                                  "truefalse",
		`"x👩y".match(%[\q{ab|x}&&[x\q{ab}]]%v)[0] + %^[\w--\d]+$%v.test("ab_")`:                                                 "xtrue",
		`"foo BAR-é".replace(%[^\p{Ll}\d]+%giu, "-") + "x".search(%[^\p{Lu}]%iu)`:                                               "foo-BAR-é-1",
		`"1h".replace(%([\p{L}]{0,14})$%gu, "<$1>") + "İK".replace(%[^\p{L}]%giu, "")`:                                          "1<h><>İK",
		`%^\p{Emoji}$%u.test("😀") + "" + %(?<=\p{Lu})b%u.test("Ab")`:                                                            "truetrue",
		`JSON.stringify("ab".match(%(?:(a)|b)*%))`:                                                                              `["ab",null]`,
		`JSON.stringify(%(z)((a+)?(b+)?(c))*%.exec("zaacbbbcac"))`:                                                              `["zaacbbbcac","z","ac","a",null,"c"]`,
		`JSON.stringify([%(a*)*%.exec("b"), %(?:|a)*%.exec("aaa"), %(?=(a+))a*b\1%.exec("baaabac")])`:                           `[["",null],["aaa"],["aba","a"]]`,
		`[%\u212a%i.test("k"), %\u212a%iu.test("k"), %ſ%i.test("S"), %ſ%iu.test("S"), %[^x]%i.test("X")].join()`:                "false,true,false,true,false",
		`[%ß%i.test("ẞ"), %ß%iu.test("ẞ"), %Σ%i.test("ς"), %\w%iu.test("ſ"), %\W%iu.test("ſ"), %\bſ\b%iu.test("ſ")].join()`:     "false,true,true,true,false,true",
		`"1h".replace(%[a-z]*%g, "<$&>") + [..."aab".matchAll(%a*%g)].map((m) => m.index + m[0]).join()`:                        "<>1<h><>0aa,2,3",
		`const r = %a%y; r.lastIndex = 1; r.test("ba") + "" + r.lastIndex + r.test("ba") + r.lastIndex`:                         "true2false0",
		`"aaba".replace(%a%gy, "x") + "aaba".match(%a%gy).length + "baab".split(%a%y).join("|")`:                                "xxba2b||b",
		`JSON.stringify([%(?<=(\d+)(\d+))$%.exec("1053"), %(?<=\1(a))b%.exec("aab"), %(?<!abc)\w\w\w%.exec("abcdef")])`:         `[["","1","053"],["b","a"],["abc"]]`,
		`const m = %(?<y>\d{4})-\d|\d-(?<y>\d{4})%.exec("1-2024"); m.groups.y + Object.keys(m.groups)`:                          "2024y",
		`JSON.stringify(%(?<x>a)(b)?%d.exec("xa").indices) + %a%d.hasIndices + %a%dg.flags`:                                     "[[1,2],[1,2],null]truedg",
		`%(?i:a)b%.test("Ab") + "" + %(?i:a)b%.test("aB") + %(?-i:a)b%i.test("AB") + %(?s:.)%.test("\n")`:                       "truefalsefalsetrue",
		`%[\q{👩|ab}--\q{ab}]%v.exec("ab👩")[0] + %[[a-z]&&[aeiou]]+%v.exec("xyae")[0]`:                                           "👩ae",
		`"x1y22".replace(%(?<n>\d)(\d)?%g, "[$<n>$2$3$&$$$\x60]")`:                                                              "x[1$31$x]y[22$322$x1y]",
		`"a,b;c".split(%([,;])%).join() + "|" + "abc".split(%(?:)%u, 2).join() + "|" + "".split(%x%).length`:                    "a,,,b,;,c|a,b|1",
		`%a%y.test("a") + %(?<x>a)%.exec("a").groups.x`:                                                                         "truea",
	} {
		// %PATTERN%FLAGS is a literal in one program, and a call in the other.
		between := regexp.MustCompile(`%((?:[^%\\]|\\.)*)%([a-z]*)`)
		for way, written := range map[string]string{
			"literal": between.ReplaceAllString(code, "(/$1/$2)"),
			"new":     between.ReplaceAllString(code, "new RegExp(String.raw`$1`, `$2`)"),
			"call":    between.ReplaceAllString(code, "RegExp(String.raw`$1`, `$2`)"),
		} {
			t.Run(way+" "+code, func(t *testing.T) {
				statements := strings.Split(written, "; ")
				statements[len(statements)-1] = "return " + statements[len(statements)-1]
				program, err := Compile("main.js", "exports.run = () => { "+strings.Join(statements, "; ")+" };")
				if err != nil {
					t.Fatal(err)
				}
				rt, exports := start(t, Options{}, program)
				got, err := call(t.Context(), rt, exports, "run")
				if err != nil {
					t.Fatal(err)
				}
				if got.String() != want {
					t.Errorf("is %q, want %q", got, want)
				}
			})
		}
	}
}

// The class is the language's own in all that can be seen of it.
func TestRegExpClass(t *testing.T) {
	for code, want := range map[string]string{
		`/a/ instanceof RegExp && new RegExp("a") instanceof RegExp && /a/.constructor === RegExp && new RegExp("a").constructor === RegExp`:            "true",
		`const r = /a/g; RegExp(r) === r && new RegExp(r) !== r && new RegExp(r).flags === "g" && new RegExp(r, "i").flags === "i"`:                     "true",
		`class R extends RegExp { own() { return this.source; } } const r = new R("^a$", "m"); r instanceof R && r instanceof RegExp && r.test("b\na")`: "true",
		`RegExp.name + RegExp.length + typeof RegExp + Object.keys(RegExp).length + Object.keys(RegExp.prototype).length`:                               "RegExp2function00",
		`try { new RegExp("(", "g"); } catch (e) { e.name; }`:                                                                                           "SyntaxError",
		`try { new RegExp("a", "q"); } catch (e) { e.name; }`:                                                                                           "SyntaxError",
		`String(new RegExp()) + String(new RegExp(undefined)) + String(new RegExp(null))`:                                                               "/(?:)//(?:)//null/",
		`"a-b".split(new RegExp("-")).length + "a-b".split(/-/).length`:                                                                                 "4",
		`try { new RegExp("\\p{RGI_Emoji}", "v"); } catch (e) { e.name + e.message; }`:                                                                  "SyntaxErrorInvalid regular expression: /\\p{RGI_Emoji}/v: \\p{RGI_Emoji} is not available in carjs: it has general categories, scripts, and the common binary properties",
		`const f = () => new RegExp("\\p{L}", "gu"); const a = f(), b = f(); a.lastIndex = 3; a !== b && b.lastIndex === 0 && a.flags === "gu"`:         "true",
		`structuredClone(/^a/gm).flags`:                       "gm",
		`[..."ab".matchAll(new RegExp("[a-z]", "g"))].length`: "2",
	} {
		t.Run(code, func(t *testing.T) { expect(t, code, want) })
	}
}

// A literal whose property is not there does not compile, at its place.
func TestRegExpProperty(t *testing.T) {
	_, err := Compile("main.js", "exports.a = 1;\nexports.b = () => /[\\p{scx=Latn}]/u;")
	var wrong *Error
	if !errors.As(err, &wrong) || wrong.At().Line != 2 || wrong.At().Column != 19 || !strings.Contains(wrong.Message, `\p{scx=Latn} is not available`) {
		t.Errorf("is %v", err)
	}
}
