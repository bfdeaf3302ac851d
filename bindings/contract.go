package bindings

import (
	"strings"

	"github.com/dop251/goja"
)

// members is what an app must have: each member, the class it must extend and the methods it must
// implement.
var members = []struct {
	name, class string
	methods     []string
}{
	{"assetServer", "BaseAssetServer", []string{"testConnection"}},
	{"fullImport", "BaseFullImport", []string{
		"createSourceReportObject", "getNewModelStateId", "importVertices", "importEdges",
	}},
	{"incrementalImport", "BaseIncrementalImport", []string{
		"createSourceReportObject", "getNewModelStateId", "getDataForDelta", "importVertices", "importEdges", "deleteVertices",
	}},
}

// checkClass checks that the default export is a connector's class.
func (c *Connector) checkClass(class goja.Value, classes *goja.Object) error {
	if absent(class) {
		return c.contract("the default export is missing; a connector ends in `export default class App extends BaseApp { … }`")
	}
	object, ok := class.(*goja.Object)
	if ok {
		_, ok = goja.AssertConstructor(object)
	}
	if !ok || !c.extends(object.Get("prototype"), classes.Get("BaseApp")) {
		return c.contract("the default export must be a class that extends BaseApp of \"carjs\"")
	}
	return nil
}

// checkApp checks the app's members, all of them, so that an author reads about everything that is
// missing at once.
func (c *Connector) checkApp(classes *goja.Object) error {
	var missing []string
	for _, member := range members {
		v := c.app.Get(member.name)
		object, ok := v.(*goja.Object)
		if !ok {
			missing = append(missing, "the app has no "+member.name+", an object of a class that extends "+member.class)
			continue
		}
		if !c.extends(object, classes.Get(member.class)) {
			missing = append(missing, member.name+" is not of a class that extends "+member.class)
			continue
		}
		for _, method := range member.methods {
			if _, ok := goja.AssertFunction(object.Get(method)); !ok {
				missing = append(missing, className(object)+" ("+member.name+") has no method "+method+"()")
			}
		}
	}
	if len(missing) > 0 {
		return c.contract("%s", strings.Join(missing, "; "))
	}
	return nil
}

// extends tells whether an object, or a class's prototype, is an instance of a class.
func (c *Connector) extends(v, class goja.Value) bool {
	object, ok := v.(*goja.Object)
	return ok && c.runtime.VM().InstanceOf(object, class.ToObject(c.runtime.VM()))
}

func className(object *goja.Object) string {
	constructor, ok := object.Get("constructor").(*goja.Object)
	if !ok {
		return "object"
	}
	return constructor.Get("name").String()
}
