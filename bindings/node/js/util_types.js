// The module util/types. Classes of the engine are known by what their own methods accept.
(function (native, require) {
	"use strict";
	const accepts = (method) => (value) => { try { method(value); return true; } catch { return false; } };
	const getter = (Class, name) => { const { get } = Object.getOwnPropertyDescriptor(Class.prototype, name); return accepts((value) => get.call(value)); };
	const tag = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;
	const object = (value) => typeof value === "object" && value !== null;
	const kind = (value) => Object.prototype.toString.call(value).slice(8, -1);
	const boxed = (method) => (value) => object(value) && accepts((v) => method.call(v))(value);
	const types = {
		isArrayBuffer: getter(ArrayBuffer, "byteLength"), isSharedArrayBuffer: () => false,
		isArrayBufferView: (value) => ArrayBuffer.isView(value), isDataView: getter(DataView, "byteLength"),
		isTypedArray: (value) => tag.call(value) !== undefined,
		isDate: accepts((value) => Date.prototype.getTime.call(value)), isMap: getter(Map, "size"), isSet: getter(Set, "size"),
		isWeakMap: accepts((value) => WeakMap.prototype.has.call(value, {})), isWeakSet: accepts((value) => WeakSet.prototype.has.call(value, {})),
		isRegExp: (value) => object(value) && kind(value) === "RegExp",
		isNativeError: (value) => value instanceof Error, isPromise: (value) => value instanceof Promise,
		isNumberObject: boxed(Number.prototype.valueOf), isStringObject: boxed(String.prototype.valueOf), isBooleanObject: boxed(Boolean.prototype.valueOf),
		isSymbolObject: boxed(Symbol.prototype.valueOf), isBigIntObject: boxed(BigInt.prototype.valueOf),
		isBoxedPrimitive: (value) => types.isNumberObject(value) || types.isStringObject(value) || types.isBooleanObject(value) || types.isSymbolObject(value) || types.isBigIntObject(value),
		isAsyncFunction: (value) => typeof value === "function" && kind(value) === "AsyncFunction",
		isGeneratorFunction: (value) => typeof value === "function" && /Generator/.test(kind(value)),
		isGeneratorObject: (value) => kind(value) === "Generator", isMapIterator: (value) => kind(value) === "Map Iterator",
		isSetIterator: (value) => kind(value) === "Set Iterator", isArgumentsObject: (value) => kind(value) === "Arguments",
		isAnyArrayBuffer: (value) => types.isArrayBuffer(value), isExternal: () => false, isModuleNamespaceObject: () => false, isProxy: () => false,
		isKeyObject: (value) => object(value) && value.constructor?.name === "KeyObject", isCryptoKey: (value) => kind(value) === "CryptoKey",
	};
	for (const name of ["Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array", "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array"]) {
		types[`is${name}`] = (value) => tag.call(value) === name;
	}
	return types;
})
