package number

import (
	"strconv"
	"strings"

	"carjs/bindings/intl/internal/locales"
)

// unitPattern is the pattern of the unit.
func (f *Format) unitPattern(plural string) string {
	prefix := "unit:" + f.opts.UnitDisplay + ":"
	if pattern := f.locale.Text(prefix + f.opts.Unit + ":" + plural); pattern != "" {
		return pattern
	}
	unit, per, _ := strings.Cut(f.opts.Unit, "-per-")
	pattern := f.locale.Text(prefix + unit + ":" + plural)
	if unit == "percent" {
		return pattern
	}
	appended := f.locale.Text(prefix + "per-" + per)
	if strings.HasSuffix(pattern, "}") && strings.Contains(pattern, "{=") {
		return strings.TrimSuffix(pattern, "}") + appended + "}"
	}
	return pattern + "{=" + appended + "}"
}

// The cells of a currency.
const (
	fractions = iota
	symbol
	narrowSymbol
	nameOne
	nameOther
	displayName
)

func currency(locale *locales.Locale, code string, cell int) string {
	cells := locale.List("cur:" + code)
	if cell >= len(cells) || cells[cell] == "" {
		return code
	}
	return cells[cell]
}

// CurrencyDigits is how many digits a currency has behind the point.
func CurrencyDigits(locale *locales.Locale, code string) int {
	n, err := strconv.Atoi(currency(locale, code, fractions))
	if err != nil {
		return 2
	}
	return n
}

// CurrencyName is the name of a currency in a style of Intl.DisplayNames, empty if it is unknown.
func CurrencyName(locale *locales.Locale, code, style string) string {
	if locale.Text("cur:"+code) == "" {
		return ""
	}
	switch style {
	case "short":
		return currency(locale, code, symbol)
	case "narrow":
		return currency(locale, code, narrowSymbol)
	}
	return currency(locale, code, displayName)
}

func (f *Format) symbol() string {
	switch f.opts.CurrencyDisplay {
	case "code":
		return f.opts.Currency
	case "narrowSymbol":
		return currency(f.locale, f.opts.Currency, narrowSymbol)
	}
	return currency(f.locale, f.opts.Currency, symbol)
}

func (f *Format) currencyName(plural string) string {
	if plural == "one" {
		return currency(f.locale, f.opts.Currency, nameOne)
	}
	return currency(f.locale, f.opts.Currency, nameOther)
}
