package carserver

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"carjs/host/model"
)

// Values that are too deep or too long for the database are rejected in the words of the interface,
// and quickly.
func TestLimits(t *testing.T) {
	c := start(t, Config{Prepared: true, Logger: quiet()})
	c.load(`"asset":[{"external_id":"1","name":"` + strings.Repeat("a", 3000) + `"}]`)
	began := time.Now()
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	fits, deep := `{"a":`+nested(model.MaxNesting-1)+`}`, `{"a":`+nested(model.MaxNesting)+`}`
	const tooDeep = "must not be nested more than 500 deep"

	c.load(`"asset":[{"external_id":"2","name":"b","properties":` + fits + `}]`)
	c.fails(`"asset":[{"external_id":"3","name":"c","properties":`+deep+`}]`, tooDeep)
	c.refused("PATCH", "/v2/asset?external_id=2", `{"properties":`+deep+`}`, http.StatusUnprocessableEntity, tooDeep)
	c.refused("PATCH", "/v2/asset?external_id=2", `{"pending_update":`+nested(5000)+`}`, http.StatusUnprocessableEntity, tooDeep)
	c.refused("PATCH", "/v2/source?key=s", `{"properties":`+deep+`}`, http.StatusBadRequest, tooDeep)
	failed := c.finished(c.post(`{"source":{"_key":"s","properties":` + deep + `},"report":{"timestamp":1}}`))
	if text := fmt.Sprint(failed); !strings.Contains(text, tooDeep) {
		t.Errorf("an envelope with a deep source: %s", text)
	}
	for _, test := range []struct{ query, variable, want string }{
		{`mutation($v:jsonb){update_asset(where:{},_set:{properties:$v}){affected_rows}}`, deep, tooDeep},
		{`mutation($v:jsonb){update_asset(where:{external_id:{_eq:"2"}},_append:{properties:$v}){affected_rows}}`,
			`{"b":` + nested(5000) + `}`, tooDeep},
		{`query($v:jsonb){asset(where:{properties:{_contains:$v}}){id}}`, nested(5000), `{"data":{"asset":[]}}`},
		{`query($v:[jsonb!]){asset(where:{properties:{_in:$v}}){id}}`, nested(5000), `{"data":{"asset":[]}}`},
		{`query($v:jsonb){asset(where:{properties:{_eq:$v}}){id}}`, fits, `{"data":{"asset":[{"id":"s/2"}]}}`},
		{`query($v:String){asset(where:{name:{_like:$v}}){id}}`, `"` + strings.Repeat("%", 60_000) + `"`,
			`"path":"$.selectionSet.asset.args.where.name._like","code":"not-supported"},` +
				`"message":"this service takes patterns of up to 50000 bytes"`},
		{`query($v:String){asset(where:{name:{_nilike:$v}}){id}}`, `"` + strings.Repeat("a", 60_000) + `"`, "patterns of up to 50000 bytes"},
		{`query($v:String){asset(where:{name:{_ilike:$v}}){id}}`, `"` + strings.Repeat("%A", 20_000) + `"`, `{"data":{"asset":[]}}`},
		{`query($v:String){asset(where:{name:{_similar:$v}}){id}}`, `"` + strings.Repeat("%", 60_000) + `"`, "patterns of up to 10000 bytes"},
		{`query($v:String){asset(where:{name:{_similar:$v}}){id}}`, `"` + strings.Repeat("%", 9_000) + `"`,
			`{"data":{"asset":[{"id":"s/1"},{"id":"s/2"}]}}`},
	} {
		status, got := c.query(test.query, map[string]any{"v": json.RawMessage(test.variable)})
		if status != http.StatusOK || !strings.Contains(got, test.want) {
			t.Errorf("%s: %d %.300s\nwant %s", test.query, status, got, test.want)
		}
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("it took %s", took)
	}
}
