// == zod
import { z } from "zod";
export default () => { const s = z.object({ id: z.coerce.number(), email: z.string().email(), at: z.string().datetime(), tags: z.array(z.string()).default([]) }); return [s.parse({ id: "5", email: "a@b.co", at: "2024-01-01T00:00:00Z" }), s.safeParse({ id: "x", email: "nope" }).error.issues.map((i) => [i.path.join("."), i.code, i.message])]; };
// == joi
import Joi from "joi";
export default () => { const s = Joi.object({ a: Joi.number().min(3), mail: Joi.string().email({ tlds: false }), d: Joi.date().iso(), ip: Joi.string().ip() }); return [s.validate({ a: "5", mail: "x@y.zz", d: "2024-02-03", ip: "10.0.0.1" }).value, s.validate({ a: 1 }).error.message, s.validate({ ip: "x" }).error.message]; };
// == yup
import * as yup from "yup";
export default async () => { const s = yup.object({ n: yup.number().required().positive(), u: yup.string().url() }); return [await s.validate({ n: "4", u: "https://x.y" }), await s.validate({ n: -1 }).catch((e) => e.errors)]; };
// == ajv
import Ajv from "ajv";
import addFormats from "ajv-formats";
export default () => { const ajv = new (Ajv.default ?? Ajv)({ allErrors: true }); (addFormats.default ?? addFormats)(ajv); const v = ajv.compile({ type: "object", required: ["a"], properties: { a: { type: "integer", minimum: 2 }, ip: { type: "string", format: "ipv4" }, u: { type: "string", pattern: "^\\p{L}+$" } } }); return [v({ a: 3, ip: "1.2.3.4", u: "é" }), v({ a: 1, ip: "x", u: "1" }), v.errors.map((e) => e.instancePath + e.message)]; };
// == validator
import validator from "validator";
export default () => [validator.isEmail("a@b.com"), validator.isIP("::1"), validator.isURL("x"), validator.isISO8601("2024-02-30", { strict: true }), validator.isAlpha("éa", "fr-FR"), validator.escape("<a>"), validator.isUUID("f47ac10b-58cc-4372-a567-0e02b2c3d479"), validator.isFQDN("a.example.com")];
// == superstruct
import { object, string, number, is, validate } from "superstruct";
export default () => { const S = object({ a: string(), n: number() }); return [is({ a: "x", n: 1 }, S), validate({ a: 1, n: 2 }, S)[0].message]; };
// == valibot
import * as v from "valibot";
export default () => { const S = v.object({ e: v.pipe(v.string(), v.email()), n: v.optional(v.number(), 3) }); return [v.parse(S, { e: "a@b.cc" }), v.safeParse(S, { e: "x" }).issues.map((i) => i.message)]; };
// == date-fns
import { format, parseISO, addDays, differenceInCalendarDays, parse, formatDistance, formatISO } from "date-fns";
export default () => [format(new Date(2024, 1, 29, 13, 5), "yyyy-MM-dd'T'HH:mm EEEE do MMMM"), addDays(parseISO("2024-02-28T00:00:00Z"), 2).toISOString(), differenceInCalendarDays(new Date(2024, 2, 1), new Date(2024, 1, 1)), parse("03/02/2024", "dd/MM/yyyy", new Date(0)).getMonth(), formatDistance(new Date(2024, 0, 1), new Date(2024, 0, 5))];
// == dayjs
import dayjs from "dayjs";
import utc from "dayjs/plugin/utc.js";
import customParseFormat from "dayjs/plugin/customParseFormat.js";
import relativeTime from "dayjs/plugin/relativeTime.js";
export default () => { dayjs.extend(utc); dayjs.extend(customParseFormat); dayjs.extend(relativeTime); return [dayjs.utc("2024-02-29T10:00:00Z").add(1, "month").format("YYYY-MM-DD HH:mm:ss Z"), dayjs.utc("05/06/2024", "DD/MM/YYYY").toISOString(), dayjs.utc("2024-01-01").from(dayjs.utc("2024-01-04"))]; };
// == luxon
import { DateTime, Duration, Interval } from "luxon";
export default () => [DateTime.fromISO("2024-02-29T10:00:00Z", { zone: "utc" }).plus({ months: 1 }).toISO(), Duration.fromObject({ hours: 25, minutes: 3 }).toFormat("hh:mm"), DateTime.fromFormat("2024-01-05 11:22", "yyyy-MM-dd HH:mm", { zone: "utc" }).toSeconds(), Interval.fromISO("2024-01-01/2024-01-08", { zone: "utc" }).length("days")];
// == luxon:zones
import { DateTime, Info, Interval, Settings } from "luxon";
export default () => {
	const at = DateTime.fromISO("2024-03-31T00:30:00Z", { zone: "Europe/Berlin" }), fold = DateTime.fromISO("2024-11-03T01:30:00", { zone: "America/New_York" });
	return [at.toISO(), at.plus({ hours: 1 }).toISO(), at.plus({ days: 1 }).offset, fold.toISO(), fold.plus({ hours: 1 }).toISO(), at.offsetNameShort, at.offsetNameLong, at.isInDST, at.zoneName,
		at.toLocaleString(DateTime.DATETIME_FULL), at.setLocale("de-DE").toLocaleString(DateTime.DATE_HUGE), at.setLocale("sv-SE").toFormat("cccc d LLLL yyyy"), at.toFormat("EEEE, MMMM d, yyyy h:mm a ZZZZ"),
		DateTime.fromFormat("05 Jan 2024 15:04 +0100", "dd LLL yyyy HH:mm ZZZ", { setZone: true }).toISO(), DateTime.fromFormat("2024-01-05 15:04 America/Los_Angeles", "yyyy-MM-dd HH:mm z", { setZone: true }).toISO(),
		Info.months("short"), Info.weekdays("long", { locale: "de" }), Info.meridiems(), Info.isValidIANAZone("Europe/Nowhere"), Info.hasDST("America/Sao_Paulo"),
		DateTime.utc(2024, 1, 5).toRelative({ base: DateTime.utc(2024, 1, 8) }), DateTime.utc(2024, 1, 5).toRelativeCalendar({ base: DateTime.utc(2024, 1, 6) }), at.hasSame(at.plus({ hours: 5 }), "day"),
		Interval.fromDateTimes(DateTime.utc(2024, 1, 5), DateTime.utc(2024, 1, 8)).toLocaleString(DateTime.DATE_MED), DateTime.fromISO("2024-W10-3", { zone: "Asia/Tokyo" }).toString(), at.setZone("Pacific/Apia").toSQL(),
		DateTime.fromMillis(0, { zone: "UTC+5:30" }).toISO(), at.diff(at.minus({ months: 2 }), ["months", "days", "hours"]).toHuman(), at.localWeekNumber, Settings.defaultZone.name];
};
// == dayjs:timezone
import dayjs from "dayjs";
import utc from "dayjs/plugin/utc.js";
import timezone from "dayjs/plugin/timezone.js";
import advancedFormat from "dayjs/plugin/advancedFormat.js";
export default () => {
	dayjs.extend(utc); dayjs.extend(timezone); dayjs.extend(advancedFormat);
	const at = dayjs.utc("2024-03-31T00:30:00Z").tz("Europe/Berlin");
	return [at.format(), at.add(1, "hour").format(), dayjs.tz("2024-11-03 01:30", "America/New_York").toISOString(), at.tz("Asia/Kolkata").format("YYYY-MM-DD HH:mm Z"), at.offsetName("long"), at.format("z zzz"), dayjs.tz.guess()];
};
// == date-fns-tz:zones
import { formatInTimeZone, toZonedTime, fromZonedTime, getTimezoneOffset, format } from "date-fns-tz";
export default () => [formatInTimeZone(new Date(1711846800000), "Europe/Berlin", "yyyy-MM-dd HH:mm:ssXXX zzz"), formatInTimeZone(new Date(1711846800000), "America/New_York", "PPPPpppp"), fromZonedTime("2024-11-03 01:30", "America/New_York").toISOString(),
	toZonedTime(new Date(1730615400000), "Asia/Tokyo").toISOString(), getTimezoneOffset("Australia/Lord_Howe", new Date(1704067200000)), format(new Date(0), "zzzz", { timeZone: "Europe/Paris" })];
// == cron-parser:zones
import cp from "cron-parser";
export default () => { const P = cp.CronExpressionParser ?? cp.default ?? cp; const i = P.parse("30 2 * * *", { currentDate: "2024-03-29T12:00:00Z", tz: "Europe/Berlin" }); return [1, 2, 3, 4].map(() => i.next().toISOString()); };
// == moment
import moment from "moment";
export default () => [moment.utc("2024-02-29T10:00:00Z").add(1, "year").format("LLLL"), moment.duration(90, "minutes").humanize(), moment.utc("2024-01-02", "YYYY-MM-DD", true).isValid(), moment.utc("1-2-2024", "D-M-YYYY").toISOString()];
// == moment-timezone
import moment from "moment-timezone";
export default () => [moment.tz("2024-07-01 12:00", "Europe/Berlin").format(), moment.tz("2024-01-01 12:00", "America/New_York").utc().format(), moment("2024-03-31T01:30:00Z").tz("Europe/Berlin").format("HH:mm z")];
// == ip-address
import { Address4, Address6 } from "ip-address";
export default () => [new Address4("10.0.0.5/24").startAddress().address, new Address4("10.0.0.5/24").isInSubnet(new Address4("10.0.0.0/16")), new Address6("2001:db8::1/64").canonicalForm(), new Address6("::ffff:1.2.3.4").to4().address, new Address6("2001:db8::/64").endAddress().correctForm(), String(new Address6("2001:db8::ff").bigInt())];
// == ipaddr.js
import ipaddr from "ipaddr.js";
export default () => [ipaddr.parse("2001:db8::1").toNormalizedString(), ipaddr.parse("10.1.2.3").match(ipaddr.parseCIDR("10.0.0.0/8")), ipaddr.parse("192.168.1.1").range(), ipaddr.process("::ffff:1.2.3.4").toString()];
// == netmask
import { Netmask } from "netmask";
export default () => { const b = new Netmask("10.0.0.0/12"); return [b.base, b.mask, b.broadcast, b.size, b.contains("10.0.8.10"), b.contains("192.168.0.1")]; };
// == cidr-tools
import * as cidr from "cidr-tools";
export default () => [cidr.mergeCidr(["1.0.0.0/24", "1.0.1.0/24"]), cidr.excludeCidr(["::1/127"], "::1/128"), cidr.overlapCidr("1.0.0.0/24", "1.0.0.128/25"), cidr.containsCidr("1.0.0.0/24", "1.0.0.1")];
// == ip-cidr
import IPCIDR from "ip-cidr";
export default () => { const C = IPCIDR.default ?? IPCIDR; const c = new C("50.165.190.0/30"); return [c.toArray(), c.contains("50.165.190.1"), c.start(), C.isValidCIDR("x")]; };
// == jsonwebtoken
import jwt from "jsonwebtoken";
import { KEYS } from "./keys.js";
export default () => { const hs = jwt.sign({ a: 1, iat: 1700000000 }, "secret"); const rs = jwt.sign({ b: 2, iat: 1700000000 }, KEYS.rsa, { algorithm: "RS256", keyid: "k" }); const es = jwt.sign({ c: 2, iat: 1700000000 }, KEYS.ec, { algorithm: "ES256" }); let bad; try { jwt.verify(hs, "other"); } catch (e) { bad = e.message; } return [hs, rs, jwt.verify(hs, "secret"), jwt.verify(rs, KEYS.rsaPublic, { algorithms: ["RS256"] }), jwt.verify(es, KEYS.ecPublic), jwt.decode(rs, { complete: true }).header, bad]; };
// == jws
import jws from "jws";
export default () => { const s = jws.sign({ header: { alg: "HS256" }, payload: "h. jon benjamin", secret: "has a van" }); return [s, jws.verify(s, "HS256", "has a van"), jws.decode(s)]; };
// == aws4
import aws4 from "aws4";
export default () => aws4.sign({ service: "sqs", region: "us-east-1", path: "/?Action=ListQueues", headers: { "X-Amz-Date": "20240101T000000Z" } }, { accessKeyId: "AKID", secretAccessKey: "SECRET" }).headers;
// == crypto-js
import CryptoJS from "crypto-js";
export default () => [CryptoJS.SHA256("a").toString(), CryptoJS.HmacSHA1("a", "k").toString(CryptoJS.enc.Base64), CryptoJS.AES.decrypt(CryptoJS.AES.encrypt("text", "pw").toString(), "pw").toString(CryptoJS.enc.Utf8), CryptoJS.MD5("é").toString(), CryptoJS.PBKDF2("p", "s", { keySize: 4, iterations: 10 }).toString()];
// == fast-xml-parser
import { XMLParser, XMLBuilder, XMLValidator } from "fast-xml-parser";
export default () => [new XMLParser({ ignoreAttributes: false }).parse('<a x="1"><b>2</b><b>é &amp; €</b><!-- c --><c/></a>'), new XMLBuilder({ ignoreAttributes: false }).build({ a: { "@_x": "1", b: ["2", "<"] } }), XMLValidator.validate("<a><b></a>").err.msg];
// == xml2js
import xml2js from "xml2js";
export default async () => [await xml2js.parseStringPromise('<a x="1"><b>2</b><b>é &amp;</b></a>'), new xml2js.Builder({ headless: true, renderOpts: { pretty: false } }).buildObject({ a: { $: { x: 1 }, b: "t" } })];
// == @xmldom/xmldom
import { DOMParser, XMLSerializer } from "@xmldom/xmldom";
export default () => { const d = new DOMParser().parseFromString('<a x="1"><b>t</b></a>', "text/xml"); return [d.documentElement.getAttribute("x"), d.getElementsByTagName("b")[0].textContent, new XMLSerializer().serializeToString(d)]; };
// == csv-parse
import { parse } from "csv-parse/sync";
export default () => [parse('a,b\n1,"x\ny"\n', { columns: true }), parse("é;2", { delimiter: ";", cast: true })];
// == csv-stringify
import { stringify } from "csv-stringify/sync";
export default () => stringify([{ a: 1, b: 'x"y' }, { a: "é", b: null }], { header: true });
// == papaparse
import Papa from "papaparse";
export default () => [Papa.parse("a,b\n1,2\n\"x,y\",3", { header: true, dynamicTyping: true }).data, Papa.unparse([{ a: 1, b: "x,y" }])];
// == graphql
import { parse, print, buildSchema, graphqlSync, validate } from "graphql";
export default () => { const s = buildSchema("type Query { hi(n: Int!): String }"); return [print(parse("{a(b:1){c}}")), graphqlSync({ schema: s, source: "{ hi(n: 2) }", rootValue: { hi: ({ n }) => `h${n}` } }), validate(s, parse("{ nope }")).map((e) => e.message)]; };
// == graphql-tag
import gql from "graphql-tag";
export default () => (gql.default ?? gql)`query Q { a b }`.definitions.map((d) => d.name.value);
// == graphql-request
import { gql, GraphQLClient } from "graphql-request";
export default async () => { const c = new GraphQLClient("http://x.test/graphql", { fetch: async (url, init) => new Response(JSON.stringify({ data: { q: JSON.parse(init.body).variables } }), { headers: { "content-type": "application/json" } }) }); return c.request(gql`query Q($a: Int) { q }`, { a: 1 }); };
// == lodash
import _ from "lodash";
export default () => [_.groupBy([1.2, 1.8, 2.1], Math.floor), _.camelCase("foo bar-baz é"), _.deburr("déjà"), _.words("fred, barney, & pebbles 😀 naïve"), _.toArray("a😀b"), _.orderBy([{ a: 1, b: 2 }, { a: 1, b: 3 }], ["a", "b"], ["asc", "desc"]), _.template("hi <%= n %>")({ n: 1 }), _.get({ a: [{ b: 1 }] }, "a[0].b"), _.kebabCase("XMLHttpRequest"), _.padStart("😀", 3, "x"), _.startCase("élan vital")];
// == lodash-es
import { merge, cloneDeep, chunk, snakeCase, debounce, isEqual } from "lodash-es";
export default () => [merge({ a: { b: 1 } }, { a: { c: 2 } }), cloneDeep({ d: new Date(5), m: new Map([[1, 2]]).size }), chunk([1, 2, 3], 2), snakeCase("fooBar"), isEqual({ a: [1, { b: NaN }] }, { a: [1, { b: NaN }] })];
// == underscore
import _ from "underscore";
export default () => [_.uniq([1, 1, 2]), _.sortBy(["b", "a"]), _.template("<%- x %>")({ x: "<" })];
// == ramda
import * as R from "ramda";
export default () => [R.pipe(R.filter((n) => n > 1), R.map(R.inc))([1, 2, 3]), R.groupBy(R.prop("t"), [{ t: "a" }, { t: "b" }]), R.path(["a", "b"], { a: { b: 1 } })];
// == rxjs
import { from, map, filter, toArray, lastValueFrom, mergeMap, of, delay, retry, throwError, defer } from "rxjs";
export default async () => { let n = 0; return [await lastValueFrom(from([1, 2, 3]).pipe(filter((x) => x > 1), mergeMap((x) => of(x * 2).pipe(delay(1))), toArray())), await lastValueFrom(defer(() => (n++ < 2 ? throwError(() => new Error("x")) : of(n))).pipe(retry(3)))]; };
// == p-retry
import pRetry, { AbortError } from "p-retry";
export default async () => { let n = 0; return [await pRetry(() => { if (n++ < 2) throw new Error("x"); return n; }, { retries: 3, minTimeout: 1 }), await pRetry(() => { throw new AbortError("stop"); }).catch((e) => e.message)]; };
// == p-limit
import pLimit from "p-limit";
export default async () => { const l = pLimit(2); let now = 0, most = 0; const r = await Promise.all([1, 2, 3, 4].map((i) => l(async () => { most = Math.max(most, ++now); await new Promise((f) => setTimeout(f, 2)); now--; return i * 2; }))); return [r, most]; };
// == p-queue
import PQueue from "p-queue";
export default async () => { const q = new PQueue({ concurrency: 1 }); const out = []; q.add(() => { out.push(1); }); q.add(() => { out.push(2); }, { priority: 1 }); await q.onIdle(); return out; };
// == p-map
import pMap from "p-map";
export default async () => pMap([1, 2, 3], async (x) => x * 2, { concurrency: 2 });
// == async-retry
import retry from "async-retry";
export default async () => { let n = 0; return retry(async () => { if (n++ < 2) throw new Error("x"); return n; }, { minTimeout: 1 }); };
// == exponential-backoff
import { backOff } from "exponential-backoff";
export default async () => { let n = 0; return backOff(async () => { if (n++ < 1) throw new Error(); return n; }, { startingDelay: 1 }); };
// == bottleneck
import Bottleneck from "bottleneck";
export default async () => { const l = new Bottleneck({ maxConcurrent: 1, minTime: 1 }); return Promise.all([1, 2].map((n) => l.schedule(async () => n * 3))); };
// == axios
import axios, { AxiosHeaders } from "axios";
export default async () => { const c = axios.create({ baseURL: "http://x.test", adapter: async (config) => ({ data: '{"a":1}', status: 200, statusText: "OK", headers: new AxiosHeaders(), config }) }); const r = await c.get("/a", { params: { q: "é b", l: [1, 2] } }); return [r.data, axios.getUri({ url: "/a", params: { q: "é b", l: [1, 2] } })]; };
// == ky
import ky from "ky";
export default async () => ky.get("http://x.test/a", { searchParams: { q: 1 }, fetch: async (r) => new Response(JSON.stringify({ url: r.url, m: r.method })), retry: 0 }).json();
// == qs
import qs from "qs";
export default () => [qs.stringify({ a: { b: [1, 2] }, c: "é &", d: null }), qs.parse("a[b][]=1&a[b][]=2&c=%C3%A9")];
// == query-string
import qs from "query-string";
export default () => [qs.parse("?a=1&a=2&b=%20"), qs.stringify({ a: [1, 2], b: "é" }), qs.stringifyUrl({ url: "https://x.y", query: { z: 1 } })];
// == url-parse
import parse from "url-parse";
export default () => { const u = parse("https://u:p@x.y:8080/a?b=1#c", true); return [u.host, u.port, u.query, u.auth, u.href]; };
// == uuid
import { v5, v3, v4, validate, version, parse, v7 } from "uuid";
export default () => [v5("x", v5.DNS), v3("x", v3.URL), validate(v4()), version(v4()), version(v7()), Array.from(parse("f47ac10b-58cc-4372-a567-0e02b2c3d479"))];
// == nanoid
import { nanoid, customAlphabet } from "nanoid";
export default () => [nanoid().length, /^[ab]{5}$/.test(customAlphabet("ab", 5)())];
// == semver
import semver from "semver";
export default () => [semver.satisfies("1.2.3", "^1.0.0"), semver.coerce("v2.x").version, semver.inc("1.2.3-beta.1", "prerelease"), semver.sort(["1.10.0", "1.2.0"]), semver.minSatisfying(["1.0.0", "1.5.0"], ">=1.1")];
// == compare-versions
import { compareVersions, satisfies } from "compare-versions";
export default () => [compareVersions("1.10", "1.9"), satisfies("1.2.3", "~1.2")];
// == he
import he from "he";
export default () => [he.encode("é<😀>"), he.decode("&eacute;&#128512;&amp;&copy"), he.escape("<&>")];
// == entities
import { encodeXML, decodeHTML, escapeText, encodeHTML } from "entities";
export default () => [encodeXML("é<😀"), decodeHTML("&eacute;&notin;&#x1f600;"), escapeText("<a&"), encodeHTML("ü😀")];
// == cheerio
import * as cheerio from "cheerio";
export default () => { const $ = cheerio.load("<ul><li class=a>1<li>é &amp; 2</ul>"); return [$("li.a").text(), $("li").map((_, e) => $(e).text()).get(), $.html()]; };
// == jsonpath-plus
import { JSONPath } from "jsonpath-plus";
export default () => [JSONPath({ path: "$.a[*].b", json: { a: [{ b: 1 }, { b: 2 }] } }), JSONPath({ path: "$..b", json: { a: [{ b: 1 }] } }), JSONPath({ path: "$.a[?(@.b>1)]", json: { a: [{ b: 1 }, { b: 2 }] } })];
// == jmespath
import jmespath from "jmespath";
export default () => jmespath.search({ a: [{ n: "x", v: 3 }, { n: "y", v: 1 }] }, "sort_by(a, &v)[].n");
// == jsonata
import jsonata from "jsonata";
export default async () => [await jsonata("$sum(a.b)").evaluate({ a: [{ b: 1 }, { b: 2 }] }), await jsonata("$uppercase(x) & $string($fromMillis(0))").evaluate({ x: "é" }), await jsonata('$match("ab1", /[a-z]+/)').evaluate({})];
// == mustache
import Mustache from "mustache";
export default () => Mustache.render("{{#a}}{{.}},{{/a}}{{b}}", { a: [1, 2], b: "<" });
// == handlebars
import Handlebars from "handlebars";
export default () => Handlebars.compile("{{#each a}}{{this.n}};{{/each}}{{#if b}}y{{/if}}{{e}}")({ a: [{ n: 1 }], b: true, e: "<" });
// == ejs
import ejs from "ejs";
export default () => ejs.render("<% for (const x of a) { %><%= x %>,<% } %>", { a: [1, "<"] });
// == change-case
import * as c from "change-case";
export default () => [c.camelCase("foo-bar"), c.snakeCase("fooBarXML2"), c.pascalCase("élan vital"), c.kebabCase("Größe Änderung"), c.constantCase("a b")];
// == slugify
import slugify from "slugify";
export default () => [slugify("Größe é & ø 😀 x"), slugify("A B", { lower: true, strict: true })];
// == iconv-lite
import iconv from "iconv-lite";
export default () => [iconv.decode(iconv.encode("é€", "win1252"), "win1252"), iconv.encode("é", "latin1").toString("hex"), iconv.decode(Buffer.from([0x82, 0xa0]), "shift_jis"), iconv.encode("ä", "utf16be").toString("hex")];
// == buffer
import { Buffer } from "buffer/index.js";
export default () => [Buffer.from("é€😀").toString("hex"), Buffer.from("aGk", "base64").toString(), Buffer.concat([Buffer.from([1]), Buffer.alloc(2)]).toJSON(), Buffer.from("abc").readUInt16BE(1)];
// == base64-js
import b from "base64-js";
export default () => [b.fromByteArray(new Uint8Array([1, 2, 3, 255])), Array.from(b.toByteArray("AQID/w==")), b.byteLength("AQ==")];
// == js-yaml
import * as yaml from "js-yaml";
export default () => [yaml.load("a: [1, 2]\nb: 2024-01-02\nc: ~\nd: |\n  x\n  y\n"), yaml.dump({ a: [1, { b: "x: y" }], e: "é", n: null })];
// == yaml
import YAML from "yaml";
export default () => [YAML.parse("a: &x {b: 1}\nc: *x\nd: 0x1f\n"), YAML.stringify({ a: [1, { b: "x: y" }], m: "l1\nl2" }), YAML.parseDocument("a: [").errors.length];
// == ini
import ini from "ini";
export default () => [ini.parse("a=1\n[s.t]\nb[]=x\nb[]=y\nc=\"q;\""), ini.stringify({ a: 1, s: { b: true } })];
// == toml
import toml from "toml";
export default () => toml.parse('a = 1\nd = 2024-01-02T03:04:05Z\n[s]\nb = ["x", "é"]\n');
// == fast-json-stable-stringify
import s from "fast-json-stable-stringify";
export default () => s({ b: 1, a: [{ d: 1, c: undefined }] });
// == json-stable-stringify
import s from "json-stable-stringify";
export default () => s({ b: 1, a: { d: 1, c: 2 } }, { space: 1 });
// == fast-deep-equal
import eq from "fast-deep-equal";
export default () => [eq({ a: [1, /x/g] }, { a: [1, /x/g] }), eq({ a: new Date(1) }, { a: new Date(2) })];
// == deep-equal
import eq from "deep-equal";
export default () => [eq({ a: [1, new Map([[1, 2]])] }, { a: [1, new Map([[1, 2]])] }, { strict: true }), eq(new Set([1]), new Set([2])), eq(1, "1")];
// == object-hash
import hash from "object-hash";
export default () => [hash({ b: 1, a: [1, "é", null] }), hash.MD5("x"), hash({ d: new Date(0) }, { algorithm: "sha256", encoding: "base64" })];
// == md5
import md5 from "md5";
export default () => [md5("é"), md5(Buffer.from([1, 2]))];
// == sha.js
import sha from "sha.js";
export default () => [sha("sha256").update("é").digest("hex"), sha("sha512").update("a").digest("base64")];
// == hash.js
import hash from "hash.js";
export default () => [hash.sha256().update("abc").digest("hex"), hash.hmac(hash.sha1, "k").update("m").digest("hex")];
// == bignumber.js
import { BigNumber } from "bignumber.js";
export default () => [new BigNumber("0.1").plus("0.2").toString(), new BigNumber("1e30").div(7).toFixed(5), new BigNumber("ff", 16).toFormat(), new BigNumber(2).pow(100).toString()];
// == decimal.js
import { Decimal } from "decimal.js";
export default () => [new Decimal(2).sqrt().toString(), new Decimal("1e-7").toFixed(), Decimal.div(1, 3).toSD(5).toString()];
// == big.js
import Big from "big.js";
export default () => [new Big("0.1").times(3).toString(), new Big(5).div(3).toFixed(4)];
// == long
import Long from "long";
export default () => [Long.fromString("9223372036854775807").add(1).toString(), Long.fromNumber(2 ** 40).shiftLeft(3).toString(16), Long.MAX_UNSIGNED_VALUE.div(3).toString()];
// == ms
import ms from "ms";
export default () => [ms("2 days"), ms(60000), ms("1.5h"), ms(7200000, { long: true })];
// == bytes
import bytes from "bytes";
export default () => [bytes("1.5MB"), bytes(1536), bytes.format(1e7, { decimalPlaces: 1, thousandsSeparator: " " })];
// == parse-duration
import parse from "parse-duration";
export default () => [parse("1h 20m"), parse("2.5 hours", "m")];
// == cron-parser
import cp from "cron-parser";
export default () => { const P = cp.CronExpressionParser ?? cp.default ?? cp; const i = P.parse("*/15 9 * * 1-5", { currentDate: "2024-01-05T09:50:00Z", tz: "UTC" }); return [i.next().toISOString(), i.next().toISOString()]; };
// == eventemitter3
import { EventEmitter } from "eventemitter3";
export default () => { const e = new EventEmitter(), out = []; e.once("a", (x) => out.push(x)); e.on("a", (x) => out.push(x * 2)); e.emit("a", 1); e.emit("a", 2); return [out, e.listenerCount("a")]; };
// == readable-stream
import { Readable, Transform, pipeline } from "readable-stream";
export default () => new Promise((ok, no) => { const out = []; pipeline(Readable.from(["a", "b"]), new Transform({ transform(c, e, cb) { cb(null, String(c).toUpperCase()); } }), (error) => (error ? no(error) : ok(out.join("")))).on("data", (c) => out.push(String(c))); });
// == safe-buffer
import sb from "safe-buffer";
export default () => sb.Buffer.from("é").toString("base64");
// == tweetnacl
import nacl from "tweetnacl";
export default () => [Buffer.from(nacl.hash(new Uint8Array([1]))).toString("hex"), nacl.secretbox.open(nacl.secretbox(new Uint8Array([5]), new Uint8Array(24), new Uint8Array(32)), new Uint8Array(24), new Uint8Array(32))[0], nacl.randomBytes(4).length];
// == node-forge
import forge from "node-forge";
export default () => { const md = forge.md.sha256.create(); md.update("é", "utf8"); const c = forge.cipher.createCipher("AES-CBC", "0123456789abcdef"); c.start({ iv: "0123456789abcdef" }); c.update(forge.util.createBuffer("hello")); c.finish(); return [md.digest().toHex(), c.output.toHex(), forge.util.encode64("hi")]; };
// == lru-cache
import { LRUCache } from "lru-cache";
export default () => { const c = new LRUCache({ max: 2 }); c.set("a", 1); c.set("b", 2); c.get("a"); c.set("c", 3); return [c.has("b"), c.get("a"), [...c.keys()]]; };
// == tough-cookie
import { CookieJar, Cookie } from "tough-cookie";
export default async () => { const j = new CookieJar(); await j.setCookie("a=1; Path=/; Domain=x.com", "http://www.x.com/"); return [await j.getCookieString("http://y.x.com/p"), Cookie.parse("b=2; Max-Age=5; Secure").secure]; };
// == url-join
import urlJoin from "url-join";
export default () => urlJoin("http://x.y/", "/a/", "?b=1", "&c=2");
// == picomatch
import pm from "picomatch";
export default () => [pm("*.{js,ts}")("a.ts"), pm("**/b/*")("a/b/c"), pm.makeRe("a/*").test("a/b")];
// == minimatch
import { minimatch } from "minimatch";
export default () => [minimatch("a/b.js", "**/*.js"), minimatch("x", "!x"), minimatch("[é]", "[[:alpha:]é\\]]*"), minimatch("é1", "[[:alpha:]][[:digit:]]")];
// == micromatch
import mm from "micromatch";
export default () => [mm(["a.js", "b.txt"], ["*.js"]), mm.isMatch("a/b", "a/*"), mm.braces("{1..3}")];
// == asn1js
import * as asn1js from "asn1js";
export default () => { const s = new asn1js.Sequence({ value: [new asn1js.Integer({ value: 5 }), new asn1js.Utf8String({ value: "é" })] }); const der = s.toBER(false); return [Buffer.from(der).toString("hex"), asn1js.fromBER(der).result.valueBlock.value[0].valueBlock.valueDec]; };
// == @smithy/signature-v4
import { SignatureV4 } from "@smithy/signature-v4";
import { Sha256 } from "@aws-crypto/sha256-js";
export default async () => { const s = new SignatureV4({ service: "s3", region: "eu-west-1", credentials: { accessKeyId: "A", secretAccessKey: "S" }, sha256: Sha256 }); const r = await s.sign({ method: "GET", protocol: "https:", hostname: "x.s3.amazonaws.com", path: "/a b", headers: { host: "x.s3.amazonaws.com" }, query: { q: "é" } }, { signingDate: new Date(0) }); return r.headers; };
// == @azure/core-auth
import { AzureKeyCredential, isTokenCredential } from "@azure/core-auth";
export default () => [new AzureKeyCredential("k").key, isTokenCredential({ getToken() {} })];
// == jose
import * as jose from "jose";
export default () => [jose.decodeJwt("eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.x"), jose.decodeProtectedHeader("eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.x"), jose.base64url.encode("é")];
// == jose-sign
import * as jose from "jose";
export default async () => { const t = await new jose.SignJWT({ a: 1 }).setProtectedHeader({ alg: "HS256" }).sign(new TextEncoder().encode("a secret of at least 32 bytes, yes")); return [t, (await jose.jwtVerify(t, new TextEncoder().encode("a secret of at least 32 bytes, yes"))).payload]; };
// == aws4fetch
import { AwsV4Signer } from "aws4fetch";
export default async () => [...(await new AwsV4Signer({ url: "https://x.amazonaws.com/a?b=1", accessKeyId: "A", secretAccessKey: "S", service: "sqs", region: "us-east-1", datetime: "20240101T000000Z" }).sign()).headers];
// == superagent
import superagent from "superagent";
export default () => [typeof superagent.get, typeof superagent.agent];
// == clone-deep
import clone from "clone-deep";
export default () => { const a = { b: [{ c: new Date(3) }] }; const b = clone(a); return [b, b.b[0] !== a.b[0]]; };
// == merge
import merge from "merge";
export default () => (merge.recursive ?? merge.default.recursive)({ a: { b: 1 } }, { a: { c: 2 } });
// == content-type
import f from "content-type"; export default () => f.parse("text/html; charset=utf-8");
// == mime-types
import m from "mime-types"; export default () => [m.lookup("a.json"), m.contentType("x.html"), m.extension("image/png")];
// == fast-csv
import { parseString, writeToString } from "fast-csv"; export default () => new Promise((ok, no) => { const out = []; parseString("a,b\n1,2\n3,4\n", { headers: true }).on("error", no).on("data", (r) => out.push(r)).on("end", async () => ok([out, await writeToString([["x", "y"]])])); });
// == jsonschema
import { Validator } from "jsonschema"; export default () => new Validator().validate({ a: 1, b: "x@y" }, { type: "object", properties: { a: { type: "string" }, b: { format: "email" } } }).errors.map((e) => e.stack);
// == fuse.js
import Fuse from "fuse.js"; export default () => new Fuse(["apple", "orange", "aple"], { includeScore: true }).search("aple");
// == immer
import { produce } from "immer"; export default () => produce({ a: [1], m: 2 }, (d) => { d.a.push(2); });
// == camelcase-keys
import c from "camelcase-keys"; export default () => c({ "foo-bar": 1, nested_key: { "a-b": 2 } }, { deep: true });
// == flat
import { flatten, unflatten } from "flat"; export default () => [flatten({ a: { b: [1, 2] } }), unflatten({ "a.b.0": 1 })];
// == dot-prop
import { getProperty, setProperty } from "dot-prop"; export default () => [getProperty({ a: [{ b: 1 }] }, "a[0].b"), setProperty({}, "x.y", 1)];
// == object-path
import op from "object-path"; export default () => op.get({ a: [1, { b: 2 }] }, "a.1.b");
// == deepmerge
import d from "deepmerge"; export default () => d({ a: [1], b: { c: 1 } }, { a: [2], b: { d: 2 } });
// == oauth-1.0a
import OAuth from "oauth-1.0a"; import crypto from "crypto"; export default () => { const o = new OAuth({ consumer: { key: "k", secret: "s" }, signature_method: "HMAC-SHA1", hash_function: (b, k) => crypto.createHmac("sha1", k).update(b).digest("base64") }); return o.authorize({ url: "https://x.y/a?b=1", method: "GET", data: {} }).oauth_consumer_key + o.getSignature({ url: "https://x.y/a?b=é", method: "POST", data: { c: "d e" } }, "ts", { oauth_consumer_key: "k", oauth_nonce: "n", oauth_timestamp: 1 }); };
// == oauth4webapi
import * as o from "oauth4webapi"; export default async () => [o.generateRandomCodeVerifier().length, await o.calculatePKCECodeChallenge("abc")];
// == natural-compare
import n from "natural-compare"; export default () => ["a10", "a2"].sort(n);
// == escape-string-regexp
import e from "escape-string-regexp"; export default () => e("a.b*c-[");
// == strip-ansi
import s from "strip-ansi"; export default () => s("\u001B[4mX\u001B[0m");
// == markdown-it
import M from "markdown-it"; export default () => new M({ linkify: true }).render("# a\n\n*b* `c` https://x.yz é\n\n- 1\n- 2\n");
// == turndown
import T from "turndown"; export default () => typeof T;
// == html-entities
import { encode, decode } from "html-entities"; export default () => [encode("<é😀>", { mode: "nonAscii" }), decode("&eacute;&#x1F600;&amp")];
// == sax
import sax from "sax"; export default () => { const out = []; const p = sax.parser(true); p.onopentag = (n) => out.push(n.name); p.ontext = (t) => out.push(t); p.write("<a x='1'>é<b/>&amp;</a>").close(); return out; };
// == saxes
import { SaxesParser } from "saxes"; export default () => { const out = []; const p = new SaxesParser(); p.on("opentag", (n) => out.push(n.name)); p.on("text", (t) => out.push(t)); p.write("<a x='1'>é<b/>😀</a>").close(); return out; };
// == htmlparser2
import { parseDocument } from "htmlparser2"; export default () => parseDocument("<p>é<b>x</b>").children[0].children.length;
// == node-html-parser
import { parse } from "node-html-parser"; export default () => [parse("<ul><li class='a'>x</li></ul>").querySelector("li.a").text, parse("<p>é</p>").toString()];
// == cookie
import * as c from "cookie"; export default () => [(c.parse ?? c.default.parse)("a=1; b=%20x")];
// == set-cookie-parser
import s from "set-cookie-parser"; export default () => (s.parse ?? s.parseSetCookie ?? s)(["a=1; Path=/; HttpOnly"]);
// == bcryptjs
import b from "bcryptjs"; export default () => [b.compareSync("x", "$2a$04$7nt3.dPSGhLf1eB2j3LqTOZ7SdmV5Zl8LRxEb4y1JXZ5G7x7z7YyC"), b.hashSync("pw", "$2a$04$abcdefghijklmnopqrstuu")];
// == @noble/hashes
import { sha256, sha512 } from "@noble/hashes/sha2.js"; import { hmac } from "@noble/hashes/hmac.js"; export default () => [Buffer.from(sha256(new Uint8Array([1]))).toString("hex"), Buffer.from(hmac(sha512, new Uint8Array([1]), new Uint8Array([2]))).toString("hex")];
// == pako
import * as pako from "pako"; export default () => { const p = pako.default ?? pako; return [p.inflate(p.deflate(new Uint8Array([1, 2, 3]))).length, p.ungzip(p.gzip("é".repeat(50)), { to: "string" }).length]; };
// == fflate
import { gzipSync, gunzipSync, strToU8, strFromU8, zipSync } from "fflate"; export default () => [strFromU8(gunzipSync(gzipSync(strToU8("é€")))), zipSync({ a: strToU8("x") }, { mtime: 1e12 }).length];
// == lz-string
import l from "lz-string"; export default () => l.decompressFromBase64(l.compressToBase64("éa".repeat(9)));
// == protobufjs
import p from "protobufjs"; export default () => { const r = p.parse('syntax="proto3"; message A { string s = 1; int64 n = 2; repeated int32 l = 3; }').root; const A = r.lookupType("A"); const b = A.encode({ s: "é", n: 5, l: [1, 300] }).finish(); return [Buffer.from(b).toString("hex"), A.toObject(A.decode(b), { longs: String })]; };
// == @msgpack/msgpack
import { encode, decode } from "@msgpack/msgpack"; export default () => [Buffer.from(encode({ a: [1, "é", null, 1.5] })).toString("hex"), decode(encode({ a: -70000, d: [true] }))];
// == msgpackr
import { pack, unpack } from "msgpackr"; export default () => unpack(pack({ a: [1, "é", null, 1.5], b: { c: 2 } }));
// == cbor-x
import { encode, decode } from "cbor-x"; export default () => decode(encode({ a: [1, "é", null, 1.5] }));
// == bson
import { serialize, deserialize, ObjectId } from "bson"; export default () => [deserialize(serialize({ a: 1, s: "é", d: new Date(5) })), new ObjectId("507f191e810c19729de860ea").toHexString()];
// == date-fns-tz
import { formatInTimeZone } from "date-fns-tz"; export default () => formatInTimeZone(new Date(0), "Europe/Berlin", "yyyy-MM-dd HH:mm:ssXXX");
// == @azure/core-rest-pipeline
import { createPipelineRequest, createEmptyPipeline } from "@azure/core-rest-pipeline"; export default () => [createPipelineRequest({ url: "https://x.y" }).method, createEmptyPipeline().getOrderedPolicies().length];
// == ansi-regex
import a from "ansi-regex"; export default () => a().test("\u001b[1m");
// == node:builtins
import util from "util";
import { createHash, createHmac, randomBytes, pbkdf2Sync } from "crypto";
import url from "url";
import querystring from "node:querystring";
import path from "path";
import assert from "assert";
import { gzipSync, gunzipSync, deflateSync, inflateSync, inflateRawSync, deflateRawSync } from "zlib";
import { StringDecoder } from "string_decoder";
import { once, EventEmitter } from "events";
import { setTimeout as sleep } from "timers/promises";
import os from "os";
import { isDeepStrictEqual, promisify } from "node:util";
export default async () => {
  const e = new EventEmitter(); setImmediate(() => e.emit("x", 4));
  const d = new StringDecoder("utf8");
  const errors = [() => assert.deepStrictEqual({ a: 1 }, { a: 2 }), () => assert(0), () => Buffer.from(5), () => createHash("nope"), () => gunzipSync("x")].map((f) => { try { f(); return "none"; } catch (x) { return x.code ?? x.name; } });
  return [
    util.format("%s %d %i %f %j %O %% x", "a", 1.5, 2.7, "3.1", { a: 1 }, [1], "more", { b: 2 }), util.format("%s=%d", "é", 5), util.format("a", "b", { c: [1, { d: { e: 1 } }] }),
    util.inspect({ a: 1, b: "x'y", c: [1, 2, { d: { e: { f: 1 } } }], m: new Map([[1, { a: 2 }]]), s: new Set(["a"]), d: new Date(0), r: /x/g, f() {}, u: undefined, n: null, [Symbol("k")]: 1n }), util.inspect("a\nb"), util.inspect([1.5, -0, , 3]), util.inspect(new (class Foo { x = 1; })()), util.inspect(Object.create(null)), util.inspect(class A {}),
    createHash("sha256").update("é").update(Buffer.from([1])).digest("hex"), createHmac("sha1", "k").update("d").digest("base64"), createHmac("sha256", "").update("d").digest("base64url"), randomBytes(5).length, pbkdf2Sync("p", "s", 10, 16, "sha256").toString("hex"),
    Object.entries(url.parse("https://u:p@X.com:8080/a b/c?d=1&e=%20#f", true)), url.format({ protocol: "https", hostname: "x.y", pathname: "a", query: { q: "é" } }), url.resolve("http://a.b/c/d", "../e"), url.resolve("/one/two", "three"),
    querystring.parse("a=1&a=2&b=%C3%A9+x&c"), querystring.stringify({ a: [1, 2], b: "é x", c: null }),
    path.join("/a", "../b", "./c/"), path.resolve("/a/b", "../c"), path.relative("/a/b/c", "/a/d"), path.parse("/x/y.tar.gz"), path.basename("/a/b.js", ".js"), path.extname(".x"), path.extname("a.b.c"), path.dirname("/a"), path.normalize("a//b/../../.."), path.format({ dir: "/x", name: "y", ext: ".z" }),
    errors, gunzipSync(gzipSync("héllo")).toString(), inflateSync(deflateSync("abc")).toString(), inflateRawSync(deflateRawSync("raw")).toString(),
    [d.write(Buffer.from([0xe2, 0x82])), d.write(Buffer.from([0xac])), d.end(Buffer.from([0xc3]))], await once(e, "x"), await sleep(1, "slept"), os.EOL, isDeepStrictEqual({ a: [1] }, { a: [1] }),
    await promisify((x, cb) => cb(null, x * 2))(4), typeof process.nextTick, typeof process.hrtime.bigint(), process.platform.length > 0, typeof global,
    Buffer.from("é€😀").toString("latin1"), Buffer.from("ff0g", "hex"), Buffer.from("_-8=", "base64").toString("base64url"), Buffer.from("é", "utf16le").toString("hex"), Buffer.byteLength("é€"), Buffer.compare(Buffer.from("a"), Buffer.from("b")), Buffer.from("hello").indexOf("l", -2), Buffer.from("hello").slice(1, 3).toString(), Buffer.alloc(4, "ab").toString(), Buffer.from([1, 2, 3]).equals(new Uint8Array([1, 2, 3])), Buffer.isBuffer(Buffer.from("")), Buffer.from("abcd").fill("x", 1, 3).toString(), Buffer.from("test").copy(Buffer.alloc(2)), JSON.stringify(Buffer.from("a")), Buffer.from("abc").readUInt32BE === undefined, Buffer.from([0xff, 0xfe]).toString(), Buffer.from("a").toString("binary"), [...Buffer.from("ab").entries()], Buffer.from(new Uint16Array([1, 258])).toString("hex"), Buffer.from("x".repeat(3)).lastIndexOf("x"),
  ];
};
// == webcrypto
export default async () => { const { subtle } = globalThis.crypto; const enc = new TextEncoder(); const k = await subtle.importKey("raw", enc.encode("0123456789abcdef"), "AES-CBC", true, ["encrypt"]); const c = await subtle.encrypt({ name: "AES-CBC", iv: new Uint8Array(16) }, k, enc.encode("text")); const p = await subtle.importKey("raw", enc.encode("pw"), "PBKDF2", false, ["deriveKey"]); const h = await subtle.deriveKey({ name: "PBKDF2", hash: "SHA-512", salt: enc.encode("s"), iterations: 10 }, p, { name: "HMAC", hash: "SHA-384" }, true, ["sign"]); return [Buffer.from(c).toString("hex"), await subtle.exportKey("jwk", h), h.algorithm, await subtle.digest("SHA-1", enc.encode("x")).then((b) => b.byteLength)]; };
// == web platform
export default async () => { const log = []; const s = ReadableStream.from(["héllo ", "wörld"]).pipeThrough(new TextEncoderStream()).pipeThrough(new CompressionStream("gzip")).pipeThrough(new DecompressionStream("gzip")).pipeThrough(new TextDecoderStream()); for await (const c of s) log.push(c); const { port1, port2 } = new MessageChannel(); const m = await new Promise((r) => { port2.onmessage = (e) => r(e.data); port1.postMessage({ m: new Map([[1, new Date(0)]]) }); }); port1.close(); const e = new Error("x"); const o = {}; Error.captureStackTrace(o); return [log.join(""), [...m.m], typeof e.stack, typeof o.stack, structuredClone({ a: [1n.toString(), new Set([1])] }).a[1].has(1), AbortSignal.any([AbortSignal.abort("r")]).reason, new Response(new Blob(["b"], { type: "text/x" })).headers.get("content-type"), new File(["ab"], "f").size, new WeakRef(o).deref() === o, atob(btoa("ÿ")).charCodeAt(0), performance.now() > 0]; };
// == io-ts
import * as t from "io-ts";
import { PathReporter } from "io-ts/lib/PathReporter.js";
export default () => { const U = t.type({ id: t.number, name: t.string, tags: t.array(t.string), k: t.union([t.literal("a"), t.literal("b")]) }); const bad = U.decode({ id: "x", name: 1, tags: [1], k: "c" }); return [U.decode({ id: 1, name: "n", tags: ["x"], k: "a" })._tag, PathReporter.report(bad), U.is({})]; };
// == @cfworker/json-schema
import { Validator } from "@cfworker/json-schema";
export default () => { const v = new Validator({ type: "object", required: ["a"], properties: { a: { type: "integer", minimum: 2 }, ip: { type: "string", format: "ipv6" }, d: { format: "date-time" }, u: { format: "uri" }, h: { format: "hostname" } } }, "2020-12", false); return [v.validate({ a: 3, ip: "::1", d: "2024-02-29T10:00:00Z", u: "https://é.example/x", h: "a.b" }), v.validate({ a: 1, ip: "x", d: "2024-02-30T10:00:00Z", u: "x y", h: "-" })]; };
// == fastest-validator
import Validator from "fastest-validator";
export default () => { const v = new Validator(); const c = v.compile({ id: "number|positive|integer", mail: "email", url: { type: "url", optional: true }, u: "uuid", tags: { type: "array", items: "string" } }); return [c({ id: 1, mail: "a@b.co", u: "f47ac10b-58cc-4372-a567-0e02b2c3d479", tags: [] }), c({ id: -1, mail: "x", u: "y", tags: [1] })]; };
// == tldts
import { parse, getDomain, getPublicSuffix } from "tldts";
export default () => ["http://www.example.co.uk:8080/x", "a.b.c.github.io", "10.0.0.1", "[::1]", "münchen.de", "x.kobe.jp", "localhost", "foo.unknowntld", "http://user:p@sub.例え.jp"].map((s) => parse(s, { allowPrivateDomains: true }));
// == ip-regex
import ipRegex from "ip-regex";
import cidrRegex from "cidr-regex";
import { isIP, isIPv6 } from "is-ip";
export default () => [["a 1.2.3.4 b", "::1", "fe80::1%eth0", "1:2:3:4:5:6:7:8", "300.1.1.1", "::ffff:1.2.3.4", "2001:db8::/32"].map((s) => [ipRegex({ exact: true }).test(s), s.match(ipRegex()), s.match(ipRegex.v6()), (cidrRegex.default ?? cidrRegex)({ exact: true }).test(s), isIP(s), isIPv6(s)])];
// == whatwg-url
import * as w from "whatwg-url";
export default () => ["http://EXAMPLE.com:80/a/../b?q=é#ü", "http://[::1]:8080", "mailto:x@y", "http://1.2.3", "https://faß.ExAmPlE/"].map((s) => { const u = new w.URL(s); return [u.href, u.host, u.origin, u.hash, [...u.searchParams]]; });
// == normalize-url
import normalizeUrl from "normalize-url";
export default () => ["sindresorhus.com", "//www.sindresorhus.com:80/../baz?b=bar&a=foo&utm_source=x#sec", "HTTP://xn--xample-hva.com:80/?b=bar&a=foo", "http://x.com/%7Efoo/"].map((s) => normalizeUrl(s, { stripHash: true }));
// == url-template
import { parseTemplate } from "url-template";
export default () => parseTemplate("/{a}{?q*,r}{#f}{&z:3}{;m*}{/p*}").expand({ a: "x/y é", q: { b: 1, c: "ü" }, r: ["1", "2"], f: "#x", z: "abcdef", m: { k: "v" }, p: ["s", "t"] });
// == rrule
import * as ns from "rrule";
const { RRule, rrulestr, RRuleSet } = ns.default ?? ns;
export default () => { const r = new RRule({ freq: RRule.WEEKLY, interval: 2, byweekday: [RRule.MO, RRule.FR], dtstart: new Date(Date.UTC(2024, 1, 1, 10, 30)), until: new Date(Date.UTC(2024, 3, 1)) }); return [r.all().map((d) => d.toISOString()), r.toString(), r.toText(), rrulestr("DTSTART;TZID=America/Denver:20181101T190000;\nRRULE:FREQ=WEEKLY;BYDAY=MO,WE,TH;INTERVAL=1;COUNT=3").all().map((d) => d.toISOString())]; };
// == croner
import { Cron } from "croner";
export default () => { const c = new Cron("0 30 2 * * *", { timezone: "Europe/Berlin", paused: true }); let d = new Date("2024-03-29T00:00:00Z"); const out = []; for (let i = 0; i < 4; i++) { d = c.nextRun(d); out.push(d.toISOString()); } return [out, new Cron("0 0 L * *", { timezone: "UTC", paused: true }).nextRuns(3, "2024-01-15T00:00:00Z").map((x) => x.toISOString())]; };
// == cronstrue
import cronstrue from "cronstrue";
import i18n from "cronstrue/i18n.js";
export default () => [cronstrue.toString("*/5 9-17 * * MON-FRI"), cronstrue.toString("0 0 1,15 * *", { use24HourTimeFormat: true }), i18n.toString("*/5 * * * *", { locale: "de" }), (() => { try { return cronstrue.toString("99 * * * *"); } catch (e) { return String(e); } })()];
// == humanize-duration
import humanizeDuration from "humanize-duration";
export default () => [humanizeDuration(97320000), humanizeDuration(97320000, { language: "de" }), humanizeDuration(3602000, { round: true, largest: 1 }), humanizeDuration(1500, { language: "sv", units: ["s"], maxDecimalPoints: 1 })];
// == pretty-ms
import prettyMs from "pretty-ms";
export default () => [prettyMs(1337000000), prettyMs(1337, { compact: true }), prettyMs(133.7), prettyMs(1335669000, { verbose: true }), prettyMs(95500, { colonNotation: true }), prettyMs(100.400080, { formatSubMilliseconds: true })];
// == temporal-polyfill
import { Temporal } from "temporal-polyfill";
export default () => { const z = Temporal.ZonedDateTime.from("2024-03-31T01:30[Europe/Berlin]"); return [z.add({ hours: 1 }).toString(), z.toInstant().toString(), Temporal.PlainDate.from("2024-01-31").add({ months: 1 }).toString(), Temporal.Duration.from("PT36H").round({ largestUnit: "day" }).toString(), z.until(Temporal.ZonedDateTime.from("2024-11-03T00:00[Europe/Berlin]"), { largestUnit: "month" }).toString(), Temporal.Instant.from("2024-02-29T10:00:00.123456789Z").epochNanoseconds.toString(), z.hoursInDay, z.toLocaleString("en-US", { dateStyle: "full", timeStyle: "short" }), Temporal.PlainDate.from("2024-02-29").dayOfWeek, z.getTimeZoneTransition?.("next")?.toString()]; };
// == @date-fns/tz
import { TZDate, tz, tzOffset, tzName } from "@date-fns/tz";
import { addHours, format, startOfDay, differenceInDays, isSameDay } from "date-fns";
export default () => { const d = new TZDate(2024, 2, 31, 1, 30, "Europe/Berlin"); return [d.toISOString(), addHours(d, 1).toISOString(), format(d, "yyyy-MM-dd HH:mm xxx"), startOfDay("2024-11-03T18:00:00Z", { in: tz("America/New_York") }).toISOString(), tzOffset("Asia/Kathmandu", new Date(0)), tzName("Asia/Tokyo", new Date(0), "long"), d.toString(), new TZDate("2024-11-03T06:30:00Z", "America/New_York").toString()]; };
// == jwt-simple
import jwt from "jwt-simple";
import jwa from "jwa";
import { KEYS } from "./keys.js";
export default () => { const t = jwt.encode({ a: 1 }, "k", "HS512"); const r = jwt.encode({ b: 2 }, KEYS.rsa, "RS256"); const e = jwa("ES256"), p = jwa("PS256"); return [t, jwt.decode(t, "k"), r.length, jwt.decode(r, KEYS.rsaPublic, false, "RS256"), e.verify("x", e.sign("x", KEYS.ec), KEYS.ecPublic), p.verify("x", p.sign("x", KEYS.rsa), KEYS.rsaPublic), jwa("RS512").sign("x", KEYS.rsa).length, (() => { try { jwt.decode(t, "wrong"); } catch (x) { return x.message; } })()]; };
// == uint8arrays
import { fromString, toString, concat, equals, xor } from "uint8arrays";
export default () => [toString(fromString("é😀", "utf8"), "base64url"), toString(fromString("ff00", "hex"), "base58btc"), [...concat([fromString("a"), new Uint8Array([1])])], equals(fromString("x"), fromString("x")), toString(fromString("mzxw6", "base32"), "utf8"), [...xor(new Uint8Array([1, 2]), new Uint8Array([3, 4]))]];
// == async
import async from "async";
export default async () => { const log = []; const r = await async.mapLimit([3, 1, 2], 2, async (x) => { log.push(x); return x * 2; }); const q = async.queue(async (t) => { log.push("q" + t); }, 1); q.push([1, 2]); await q.drain(); return [r, log, await async.parallel({ a: async () => 1, b: (cb) => setTimeout(() => cb(null, 2), 1) }), await async.retry({ times: 3, interval: 1 }, async () => { if (log.push("r") < 8) throw new Error("e"); return "ok"; }), await async.auto({ a: async () => 1, b: ["a", async (x) => x.a + 1] }), await async.eachSeries([1], async () => { throw new Error("z"); }).catch((e) => e.message)]; };
// == bluebird
import Promise2 from "bluebird";
export default async () => [await Promise2.map([1, 2, 3], (x) => x * 2, { concurrency: 1 }), await Promise2.delay(1).then(() => "d"), await Promise2.reject(new TypeError("t")).catch(TypeError, (e) => e.message), await Promise2.props({ a: Promise2.resolve(1) }), await Promise2.promisify((cb) => cb(null, 5))(), await Promise2.resolve(1).timeout(50), await Promise2.reduce([1, 2], (a, b) => a + b, 0), await Promise2.any([Promise2.reject(new Error("n")), 4])];
// == luxon:intl
import { DateTime, Info, Duration, Interval } from "luxon";
export default () => { const d = DateTime.fromISO("2024-02-29T13:05:09.123Z", { zone: "Europe/Stockholm" }); return [["DATE_SHORT", "DATE_MED_WITH_WEEKDAY", "DATE_FULL", "TIME_24_WITH_SECONDS", "TIME_WITH_LONG_OFFSET", "DATETIME_HUGE_WITH_SECONDS", "DATETIME_SHORT"].map((k) => ["en-US", "en-GB", "de", "sv"].map((l) => d.setLocale(l).toLocaleString(DateTime[k]))), d.toFormat("D DD DDD DDDD t tt ttt tttt T TT f ff fff ffff F FF o q kkkk W n X x Z ZZ ZZZ ZZZZ ZZZZZ z a G GG"), Info.features(), Duration.fromObject({ hours: 1, minutes: 90 }).normalize().toHuman({ listStyle: "long" }), Duration.fromISO("P1Y2M").toHuman({ unitDisplay: "short" }), Interval.fromISO("2024-01-01/P1M").splitBy({ weeks: 1 }).length, d.toRFC2822(), d.toHTTP(), d.toSQL(), DateTime.fromHTTP("Sun, 06 Nov 1994 08:49:37 GMT").toISO(), DateTime.fromRFC2822("Tue, 01 Nov 2016 13:23:12 +0630", { setZone: true }).toISO(), DateTime.fromSQL("2017-05-15 09:24:15 America/Los_Angeles", { setZone: true }).toISO(), DateTime.fromISO("2024-02-30").invalidExplanation, DateTime.fromFormat("mars 5 2024", "LLLL d yyyy", { locale: "sv" }).toISODate(), d.toLocaleParts({ month: "long", day: "numeric" }), d.toRelative({ base: d.plus({ months: 3 }), locale: "de" }), Info.eras("long"), Info.weekdaysFormat("short", { locale: "sv" })]; };
// == lodash:deep
import _ from "lodash";
import * as R from "ramda";
export default () => { const s = ["fooBar", "__FOO_BAR__", "fred, barney, & pebbles", "éàü ß", "👨‍👩‍👧 family 😀", "a\u0301b", "XMLHttpRequest 2Go"]; return [s.map((x) => [_.camelCase(x), _.kebabCase(x), _.snakeCase(x), _.startCase(x), _.words(x), _.deburr(x), _.size(x), _.toArray(x), _.truncate(x, { length: 5 }), _.pad(x, 12, "_-"), _.upperFirst(x), _.escape(x), _.trim(x), _.capitalize(x)]), _.template("hi <%- a %> <% _.each(l, x => { %><%= x %>,<% }) %>${ a }")({ a: "<é>", l: [1, 2] }), _.merge({ a: [{ b: 1 }] }, { a: [{ c: 2 }, { d: 3 }] }), _.defaultsDeep({ a: { b: 1 } }, { a: { b: 2, c: 3 } }), _.groupBy([1.2, 1.8, 2.1], Math.floor), _.orderBy([{ a: 1, b: "z" }, { a: 1, b: "a" }, { a: 0 }], ["a", "b"], ["desc", "asc"]), _.get({ a: [{ "b.c": 1 }] }, 'a[0]["b.c"]'), _.set({}, "a[0].b", 1), _.isEqual(new Map([[{ a: 1 }, [1]]]), new Map([[{ a: 1 }, [1]]])), _.cloneDeep({ d: new Date(0), r: /x/g, m: new Map([[1, { a: 1 }]]), u: new Uint8Array([1]) }).u, _.uniqWith([{ x: 1 }, { x: 1 }], _.isEqual), _.zipObjectDeep(["a.b[0].c"], [1]), _.range(0, 1, 0.25), _.sortedIndexBy([{ x: 4 }, { x: 5 }], { x: 4 }, "x"), _.chain([1, 2, 3]).map((x) => x * 2).filter((x) => x > 2).sum().value(), _.debounce(() => 5, 0)(), _.flow([(a) => a + 1, (a) => a * 2])(3), _.isPlainObject(Object.create(null)), _.toPath("a.b[0]['c']"), _.round(4.006, 2), _.parseInt("08"), R.groupWith((a, b) => a % 2 === b % 2, [1, 3, 2, 4, 5]), R.path(["a", 0, "b"], { a: [{ b: 1 }] }), R.mergeDeepRight({ a: { b: 1 } }, { a: { c: 2 } }), R.sortWith([R.ascend(R.prop("a")), R.descend(R.prop("b"))], [{ a: 1, b: 1 }, { a: 1, b: 2 }]), R.toString({ a: [new Date(0), "é"] }), R.equals(new Set([1]), new Set([1])), R.evolve({ n: R.inc }, { n: 1 }), R.transpose([[1, 2], [3]]), R.symmetricDifference([1, 2], [2, 3])]; };
// == hono
import { Hono } from "hono";
export default async () => { const h = new Hono(); h.get("/h/:n{[0-9]+}", (c) => c.json({ n: c.req.param("n"), q: c.req.query("k") })); h.post("/p", async (c) => c.text((await c.req.json()).v, 201, { "x-h": "1" })); const b = await h.request("/h/7?k=é"), c = await h.request("/p", { method: "POST", body: JSON.stringify({ v: "vv" }), headers: { "content-type": "application/json" } }); return [b.status, await b.json(), c.status, await c.text(), c.headers.get("x-h"), (await h.request("/no")).status]; };
// == hash-sum
import hashSum from "hash-sum";
export default () => [hashSum({ a: [1, "x", new Date(0)] }), hashSum([null, undefined, /x/g])];
// == liquidjs
import { Liquid } from "liquidjs";
export default async () => [await new Liquid().parseAndRender("{% for i in (1..3) %}{{ i | times: 2 }} {% endfor %}{{ 'é' | upcase }} {{ d | date: '%Y-%m-%d %H:%M' }}", { d: "2024-02-29T10:00:00Z" })];
// == slug
import slug from "slug";
export default () => [slug("i ♥ unicode é ß"), (() => { try { return slug("a\ud800b"); } catch (e) { return e.message; } })()];
// == xregexp
import XRegExp from "xregexp";
export default () => [XRegExp("\\p{L}+", "A").exec("été 1")[0], XRegExp.replace("aXbX", /x/i, "-", "all"), XRegExp.matchRecursive("(a(b)c)(d)", "\\(", "\\)", "g"), XRegExp.exec("2024-02", XRegExp("(?<y> \\d{4} ) - (?<m> \\d{2} )", "x")).index];
// == dataloader
import DataLoader from "dataloader";
export default async () => { const batches = [], l = new DataLoader(async (k) => { batches.push([...k]); return k.map((x) => x * 2); }); return [await Promise.all([l.load(1), l.load(2), l.load(1)]), batches]; };
// == openapi-fetch
import createClient from "openapi-fetch";
export default async () => { const seen = []; const c = createClient({ baseUrl: "https://a.example/", fetch: async (r) => { seen.push([r.method, r.url, await r.clone().text()]); return new Response("{}", { headers: { "content-type": "application/json" } }); } }); return [(await c.GET("/x/{id}", { params: { path: { id: "é 1" }, query: { a: [1, 2], b: { c: 1 } } } })).data, (await c.POST("/y", { body: { z: 1 } })).data, seen]; };
// == json5
import JSON5 from "json5";
export default () => [JSON5.parse("{a:0x1f,b:'é',c:+Infinity,/*x*/d:[1,],}"), JSON5.stringify({ a: "x'y", b: [1] }, null, 1)];
// == superjson
import superjson from "superjson";
export default () => [superjson.stringify({ d: new Date(0), s: new Set([1]), b: 2n, u: undefined, r: /x/g }), superjson.parse(superjson.stringify({ m: new Map([[1, { d: new Date(5) }]]) })).m.get(1).d.getTime()];
// == js2xmlparser
import * as j2x from "js2xmlparser";
export default () => j2x.parse("r", { "@": { id: 1 }, l: [1, 2], t: "<&>", d: new Date(0) });
