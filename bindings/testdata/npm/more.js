// == ofetch
import { ofetch, FetchError, createFetch } from "ofetch";
export default async () => { const log = []; const f = createFetch({ fetch: async (u, o) => { log.push([String(u), o.method, o.body, new Headers(o.headers).get("content-type")]); return log.length === 1 ? new Response("{}", { status: 503 }) : new Response(JSON.stringify({ a: [1] }), { status: log.length === 3 ? 404 : 200, headers: { "content-type": "application/json" } }); }, Headers, AbortController }); const ok = await f("https://h.test/x", { query: { a: 1 }, method: "POST", body: { b: 2 }, retry: 1, retryDelay: 1, retryStatusCodes: [503] }); const e = await f("https://h.test/y").catch((e) => e); return [ok, log, e instanceof FetchError, e.status, e.data, typeof ofetch]; };
// == node-fetch
import fetch, { Headers, Request, Response } from "node-fetch";
export default async () => { const r = new Request("https://h.test/a", { method: "POST", body: "x", headers: { "X-A": "1" } }); return [typeof fetch, r.method, r.url, new Headers([["a", "1"], ["a", "2"]]).get("a"), await new Response("{\"b\":2}").json()]; };
// == undici
import { Headers, Request, Response, FormData } from "undici";
export default async () => { const f = new FormData(); f.append("a", "1"); return [[...new Headers({ b: "1", A: "2" })], await new Response("t").text(), new Request("https://h.test/").method, f.get("a")]; };
// == got
import got from "got";
export default async () => { const g = got.extend({ prefixUrl: "https://h.test/api", retry: { limit: 0 } }); return [typeof g.get, g.defaults.options.prefixUrl.toString()]; };
// == cross-fetch
import { Headers, Response } from "cross-fetch";
export default async () => [new Headers({ a: "1" }).get("A"), await new Response("x").text()];
// == axios-retry
import axios from "axios";
import axiosRetry from "axios-retry";
export default async () => { let n = 0; const c = axios.create({ adapter: async (config) => { n++; if (n < 3) { const e = new axios.AxiosError("down", "ERR_BAD_RESPONSE", config, {}, { status: 503, data: null, headers: {}, config }); throw e; } return { data: { n }, status: 200, statusText: "OK", headers: {}, config }; } }); (axiosRetry.default ?? axiosRetry)(c, { retries: 3, retryDelay: () => 1 }); return [(await c.get("https://h.test/x")).data, n]; };
// == wretch
import wretch from "wretch";
import QueryStringAddon from "wretch/addons/queryString";
export default async () => { const log = []; const w = wretch("https://h.test").addon(QueryStringAddon).middlewares([() => async (u, o) => { log.push([u, o.method, o.body]); return new Response(JSON.stringify({ ok: 1 }), { status: u.endsWith("/no") ? 404 : 200 }); }]); return [await w.url("/a").query({ q: "ä b" }).get().json(), await w.url("/b").post({ x: 1 }).json(), await w.url("/no").get().notFound((e) => e.status).json(), log]; };
// == @octokit/rest
import { Octokit } from "@octokit/rest";
export default async () => { const log = []; const o = new Octokit({ auth: "tok", request: { fetch: async (u, i) => { log.push([u, i.method, i.headers.authorization, i.headers.accept]); const page = new URL(u).searchParams.get("page"); return new Response(JSON.stringify([{ id: page ? 2 : 1, name: "r" }]), { status: 200, headers: { "content-type": "application/json; charset=utf-8", ...(page ? {} : { link: `<${u}&page=2>; rel="next"` }) } }); } } }); const all = await o.paginate(o.rest.repos.listForOrg, { org: "acme", per_page: 1 }); return [all.map((r) => r.id), log]; };
// == @azure/identity
import { ClientSecretCredential, AuthenticationRequiredError } from "@azure/identity";
export default async () => { const log = []; const c = new ClientSecretCredential("11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222", "s", { httpClient: { sendRequest: async (r) => { log.push([r.method, new URL(r.url).host]); const body = r.url.includes("openid-configuration") ? { token_endpoint: "https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111/oauth2/v2.0/token", authorization_endpoint: "https://login.microsoftonline.com/x/oauth2/v2.0/authorize", issuer: "https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111/v2.0", jwks_uri: "https://login.microsoftonline.com/x" } : r.url.includes("discovery/instance") ? { tenant_discovery_endpoint: "https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111/v2.0/.well-known/openid-configuration", metadata: [{ preferred_network: "login.microsoftonline.com", preferred_cache: "login.windows.net", aliases: ["login.microsoftonline.com"] }] } : { token_type: "Bearer", expires_in: 3600, ext_expires_in: 3600, access_token: "at" }; return { request: r, status: 200, headers: r.headers, bodyAsText: JSON.stringify(body) }; } } }); const t = await c.getToken("https://management.azure.com/.default"); return [t.token, log.some(([, h]) => h === "login.microsoftonline.com"), typeof AuthenticationRequiredError]; };
// == @azure/msal-node
import { ConfidentialClientApplication } from "@azure/msal-node";
export default async () => { const reply = (body) => ({ headers: {}, status: 200, body }); const meta = { token_endpoint: "https://login.microsoftonline.com/t/oauth2/v2.0/token", authorization_endpoint: "https://login.microsoftonline.com/t/oauth2/v2.0/authorize", issuer: "https://login.microsoftonline.com/t/v2.0", jwks_uri: "https://login.microsoftonline.com/t/keys" }; let sent; const app = new ConfidentialClientApplication({ auth: { clientId: "c", clientSecret: "s", authority: "https://login.microsoftonline.com/t", authorityMetadata: JSON.stringify(meta) }, system: { networkClient: { sendGetRequestAsync: async () => reply(meta), sendPostRequestAsync: async (u, o) => { sent = [u.split("?")[0], new URLSearchParams(o.body).get("grant_type")]; return reply({ token_type: "Bearer", expires_in: 3600, access_token: "at" }); } } } }); const r = await app.acquireTokenByClientCredential({ scopes: ["https://graph.microsoft.com/.default"] }); return [r.accessToken, sent]; };
// == google-auth-library
import { JWTAccess, OAuth2Client, GoogleAuth } from "google-auth-library";
import { KEYS } from "./keys.js";
export default async () => { const access = new JWTAccess("a@b.iam.gserviceaccount.com", KEYS.rsa); const h = access.getRequestHeaders("https://compute.googleapis.com/"); const auth = (h.get ? h.get("authorization") : h.Authorization).split(" ")[1]; const part = (i) => JSON.parse(Buffer.from(auth.split(".")[i], "base64url").toString()); const { iss, sub, aud } = part(1); return [part(0).alg, iss, sub, aud, new OAuth2Client("id", "s", "https://h/cb").generateAuthUrl({ scope: "x" }), typeof GoogleAuth]; };
// == @aws-sdk/client-s3
import { S3Client, ListObjectsV2Command, GetObjectCommand } from "@aws-sdk/client-s3";
export default async () => { const log = []; const enc = new TextEncoder(); const body = (s) => new Response(enc.encode(s)).body; const node = typeof process !== "undefined" && process.versions?.node; const c = new S3Client({ region: "eu-central-1", credentials: { accessKeyId: "AKID", secretAccessKey: "s" }, requestHandler: { metadata: {}, handle: async (r) => { log.push([r.method, r.hostname, r.path, r.query["list-type"] ?? null, /^AWS4-HMAC-SHA256 Credential=AKID\//.test(r.headers.authorization)]); const xml = `<?xml version="1.0"?><ListBucketResult><Name>b</Name><KeyCount>2</KeyCount><Contents><Key>a&amp;b</Key><Size>5</Size><LastModified>2024-01-02T03:04:05.000Z</LastModified></Contents><Contents><Key>ü</Key><Size>7</Size></Contents></ListBucketResult>`; return { response: { statusCode: r.path.endsWith("none") ? 404 : 200, headers: {}, body: await wrap(r.path.endsWith("none") ? `<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>` : xml) } }; } } }); async function wrap(s) { if (!node) return body(s); const { Readable } = await import("node:stream"); return Readable.from([Buffer.from(s)]); } const r = await c.send(new ListObjectsV2Command({ Bucket: "b" })); const e = await c.send(new GetObjectCommand({ Bucket: "b", Key: "none" })).catch((e) => e); return [r.KeyCount, r.Contents.map((o) => [o.Key, o.Size, o.LastModified?.toISOString() ?? null]), e.name, e.message, log]; };
// == @aws-sdk/client-sts
import { STSClient, GetCallerIdentityCommand } from "@aws-sdk/client-sts";
export default async () => { const log = []; const node = typeof process !== "undefined" && process.versions?.node; async function wrap(s) { if (!node) return new Response(s).body; const { Readable } = await import("node:stream"); return Readable.from([Buffer.from(s)]); } const c = new STSClient({ region: "us-east-1", credentials: { accessKeyId: "AKID", secretAccessKey: "s" }, requestHandler: { metadata: {}, handle: async (r) => { log.push([r.method, r.hostname, r.body]); return { response: { statusCode: 200, headers: {}, body: await wrap(`<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:x</Arn><UserId>U</UserId><Account>123</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`) } }; } } }); const r = await c.send(new GetCallerIdentityCommand({})); return [r.Arn, r.UserId, r.Account, log]; };
// == @aws-sdk/client-ec2
import { EC2Client, DescribeInstancesCommand, paginateDescribeInstances } from "@aws-sdk/client-ec2";
export default async () => { let n = 0; const node = typeof process !== "undefined" && process.versions?.node; async function wrap(s) { if (!node) return new Response(s).body; const { Readable } = await import("node:stream"); return Readable.from([Buffer.from(s)]); } const c = new EC2Client({ region: "us-east-1", credentials: { accessKeyId: "AKID", secretAccessKey: "s" }, requestHandler: { metadata: {}, handle: async (r) => { n++; return { response: { statusCode: 200, headers: {}, body: await wrap(`<DescribeInstancesResponse><reservationSet><item><instancesSet><item><instanceId>i-${n}</instanceId><launchTime>2024-01-02T03:04:05.000Z</launchTime><tagSet><item><key>Name</key><value>a &lt; b</value></item></tagSet></item></instancesSet></item></reservationSet>${n < 2 ? "<nextToken>t</nextToken>" : ""}</DescribeInstancesResponse>`) } }; } } }); const out = []; for await (const page of paginateDescribeInstances({ client: c }, {})) for (const r of page.Reservations) for (const i of r.Instances) out.push([i.InstanceId, i.LaunchTime.toISOString(), i.Tags]); return [out, typeof DescribeInstancesCommand]; };
// == jwt-decode
import { jwtDecode } from "jwt-decode";
export default () => [jwtDecode("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiLDpCIsImV4cCI6MTcwMDAwMDAwMH0.x"), jwtDecode("eyJhbGciOiJIUzI1NiJ9.e30.x", { header: true })];
// == openid-client
import * as client from "openid-client";
export default async () => { const log = []; const config = new client.Configuration({ issuer: "https://h.test", token_endpoint: "https://h.test/token" }, "id", "secret"); config[client.customFetch] = async (u, o) => { log.push([String(u), o.method, String(o.body), new Headers(o.headers).get("content-type")]); return new Response(JSON.stringify({ access_token: "at", token_type: "Bearer", expires_in: 60 }), { headers: { "content-type": "application/json" } }); }; const t = await client.clientCredentialsGrant(config, { scope: "a b" }); const v = "a".repeat(43); return [t.access_token, t.expiresIn() > 30, log, await client.calculatePKCECodeChallenge(v)]; };
// == @sinclair/typebox
import { Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { TypeCompiler } from "@sinclair/typebox/compiler";
export default () => { const T = Type.Object({ a: Type.Integer({ minimum: 1 }), b: Type.Optional(Type.String()) }); const C = TypeCompiler.Compile(T); return [C.Check({ a: 2 }), [...C.Errors({ a: 0, b: 1 })].map((e) => [e.path, e.message]), Value.Default(Type.Object({ x: Type.Number({ default: 3 }) }), {}), Value.Convert(T, { a: "5" })]; };
// == arktype
import { type } from "arktype";
export default () => { const T = type({ name: "string > 1", "age?": "number.integer >= 0", mail: "string.email" }); const bad = T({ name: "x", mail: "no" }); return [T({ name: "ab", mail: "a@b.co" }), bad instanceof type.errors, bad.summary]; };
// == xml-js
import convert from "xml-js";
export default () => [convert.xml2js('<a x="1"><b>t &amp; u</b><!-- c --><c/></a>', { compact: true }), convert.js2xml({ a: { _attributes: { k: "\"v\"" }, _text: "1 < 2" } }, { compact: true })];
// == xmlbuilder2
import { create, convert } from "xmlbuilder2";
export default () => [create({ version: "1.0" }).ele("r", { a: "1" }).ele("b").txt("x < y").up().ele("c").up().end({ prettyPrint: true }), convert("<r><b>1</b><b>2</b></r>", { format: "object" })];
// == d3-dsv
import { csvParse, tsvFormat, csvParseRows } from "d3-dsv";
export default () => [csvParse("a,b\n1,\"x, \"\"y\"\"\"\n"), tsvFormat([{ a: 1, b: "t\tu" }]), csvParseRows("1,2\n3,4")];
// == csvtojson
import csv from "csvtojson";
export default async () => [await csv({ checkType: true }).fromString("a,b.c\n1,x\n2,\"y,z\"")];
// == is-cidr
import isCidr, { v4 } from "is-cidr";
export default () => [isCidr("10.0.0.0/8"), isCidr("::1/64"), v4("10.0.0.0/33"), isCidr("x")];
// == ip-num
import { IPv4, IPv6, IPv4CidrRange, RangedSet, IPv6CidrRange } from "ip-num";
export default () => [IPv4.fromString("10.0.0.1").getValue().toString(), IPv6.fromString("2001:db8::1").toString(), IPv4CidrRange.fromCidr("10.1.0.0/22").getLast().toString(), IPv6CidrRange.fromCidr("2001:db8::/33").getSize().toString(), typeof RangedSet];
// == spacetime
import spacetime from "spacetime";
export default () => { const s = spacetime("2024-03-10T01:30:00", "America/New_York"); return [s.add(1, "hour").format("iso"), s.goto("Europe/Berlin").format("{year}-{iso-month}-{date-pad} {hour-24}:{minute-pad}"), s.startOf("week").format("iso-short"), spacetime("2024-02-29", "UTC").add(1, "year").format("iso-short")]; };
// == @js-joda/core
import { LocalDate, Duration, ZonedDateTime, DateTimeFormatter, ZoneOffset, Period, ChronoUnit } from "@js-joda/core";
export default () => [LocalDate.parse("2024-02-29").plusYears(1).toString(), Duration.ofMinutes(125).toString(), ZonedDateTime.of(2024, 1, 2, 3, 4, 5, 0, ZoneOffset.UTC).format(DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm")), Period.between(LocalDate.of(2024, 1, 31), LocalDate.of(2024, 3, 1)).toString(), ChronoUnit.DAYS.between(LocalDate.of(2024, 1, 1), LocalDate.of(2025, 1, 1))];
// == cockatiel
import { retry, handleAll, ConstantBackoff, circuitBreaker, ConsecutiveBreaker, timeout, TimeoutStrategy, wrap } from "cockatiel";
export default async () => { let n = 0; const p = wrap(retry(handleAll, { maxAttempts: 3, backoff: new ConstantBackoff(1) }), circuitBreaker(handleAll, { halfOpenAfter: 1000, breaker: new ConsecutiveBreaker(5) })); const ok = await p.execute(() => { if (++n < 3) throw new Error("no"); return n; }); const late = await timeout(5, TimeoutStrategy.Aggressive).execute(({ signal }) => new Promise((r) => setTimeout(() => r(signal.aborted), 1000))).catch((e) => e.constructor.name.length > 0); return [ok, n, late]; };
// == @noble/curves
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { ed25519 } from "@noble/curves/ed25519.js";
export default () => { const k = new Uint8Array(32).fill(7), m = new Uint8Array([1, 2, 3]); const s = secp256k1.sign(m, k); return [Buffer.from(s).toString("hex"), secp256k1.verify(s, m, secp256k1.getPublicKey(k)), Buffer.from(ed25519.sign(m, k)).toString("hex")]; };
// == @noble/ciphers
import { gcm } from "@noble/ciphers/aes.js";
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
export default () => { const k = new Uint8Array(32).fill(1), n = new Uint8Array(24), d = new Uint8Array([1, 2, 3]); return [Buffer.from(gcm(k, n.subarray(12)).encrypt(d)).toString("hex"), Buffer.from(xchacha20poly1305(k, n).encrypt(d)).toString("hex")]; };
// == web-streams-polyfill
import { ReadableStream, TransformStream, WritableStream } from "web-streams-polyfill";
export default async () => { const out = []; await new ReadableStream({ start(c) { c.enqueue("a"); c.enqueue("b"); c.close(); } }).pipeThrough(new TransformStream({ transform(x, c) { c.enqueue(x + x); } })).pipeTo(new WritableStream({ write(x) { out.push(x); } })); return out; };
// == effect
import { Effect, Schema, Option, Duration, Chunk, pipe } from "effect";
export default async () => { const S = Schema.Struct({ s: Schema.String, n: Schema.Number, l: Schema.Array(Schema.String) }); const r = await Effect.runPromiseExit(Schema.decodeUnknownEffect(S)({ n: "x", s: 1, l: [2] }, { errors: "all" })); return [Schema.decodeUnknownSync(S)({ n: 5, s: "a", l: [] }), String(r).slice(0, 300), await Effect.runPromise(Effect.all([Effect.succeed(1), Effect.delay(Effect.succeed(2), "5 millis")], { concurrency: 2 })), Duration.toMillis("2 hours"), pipe(Chunk.range(1, 5), Chunk.toReadonlyArray), Option.getOrElse(Option.none(), () => 3)]; };
// == xlsx
import * as XLSX from "xlsx";
export default () => { const wb = XLSX.utils.book_new(); XLSX.utils.book_append_sheet(wb, XLSX.utils.json_to_sheet([{ a: 1, b: "é", c: new Date(Date.UTC(2024, 1, 29)) }, { a: 2.5, b: "x", c: null }]), "S"); const buf = XLSX.write(wb, { type: "array", bookType: "xlsx" }); const r = XLSX.read(buf); return [XLSX.utils.sheet_to_json(r.Sheets.S), XLSX.utils.sheet_to_csv(r.Sheets.S), XLSX.utils.decode_range("A1:C5"), XLSX.read("a,b\n1,é", { type: "string" }).SheetNames]; };
// == exceljs
import ExcelJS from "exceljs";
export default async () => { const wb = new ExcelJS.Workbook(); const s = wb.addWorksheet("S"); s.columns = [{ header: "A", key: "a" }, { header: "B", key: "b" }]; s.addRow({ a: 1, b: "é" }); const buf = await wb.xlsx.writeBuffer(); const r = new ExcelJS.Workbook(); await r.xlsx.load(buf); return [r.getWorksheet("S").getRow(2).values, r.getWorksheet("S").rowCount]; };
// == @azure/core-xml
import { parseXML, stringifyXML } from "@azure/core-xml";
export default async () => [await parseXML("<a x='1'><b>é</b><b/></a>", { includeRoot: true }), stringifyXML({ b: [1, 2], $: { q: "1" } }, { rootName: "r" }), await parseXML("<a><b>1</b><c/></a>"), await parseXML("<a").catch((e) => typeof e.message)];
// == @azure/arm-resources
import { ResourceManagementClient } from "@azure/arm-resources";
import { SecretClient } from "@azure/keyvault-secrets";
import { ClientSecretCredential } from "@azure/identity";
import { createHttpHeaders } from "@azure/core-rest-pipeline";
export default async () => { const http = (body) => ({ sendRequest: async (request) => ({ request, status: 200, headers: createHttpHeaders({ "content-type": "application/json" }), bodyAsText: JSON.stringify(body) }) }); const cred = { getToken: async () => ({ token: "T", expiresOnTimestamp: Date.now() + 1e7 }) }; const c = new ResourceManagementClient(cred, "sub", { httpClient: http({ value: [{ id: "1", name: "rg", location: "x", tags: { a: "é" } }] }) }); const out = []; for await (const g of c.resourceGroups.list()) out.push(g); return [out, typeof ClientSecretCredential, typeof SecretClient]; };
// == @aws-sdk/client-securityhub
import { SecurityHubClient, GetFindingsCommand } from "@aws-sdk/client-securityhub";
import { IAMClient, ListUsersCommand } from "@aws-sdk/client-iam";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import { HttpResponse } from "@smithy/protocol-http";
export default async () => { const seen = []; const h = (body, type, status = 200) => ({ metadata: {}, handle: async (r) => { seen.push([r.method, r.hostname, r.path, r.query, typeof r.body === "string" ? r.body : r.body && new TextDecoder().decode(r.body), Object.keys(r.headers).filter((k) => !/amz-sdk|user-agent|date|auth|length/.test(k)).sort(), r.headers.authorization?.replace(/\d{8}/, "D").replace(/[0-9a-f]{64}/, "S")]); return { response: new HttpResponse({ statusCode: status, headers: { "content-type": type }, body: new Blob([body]).stream() }) }; } }); const base = { region: "eu-west-1", credentials: { accessKeyId: "AK", secretAccessKey: "SK" }, maxAttempts: 1 }; const out = []; out.push((await new SecurityHubClient({ ...base, requestHandler: h('{"Findings":[{"Id":"x","Severity":{"Label":"HIGH"}}],"NextToken":"t"}', "application/json") }).send(new GetFindingsCommand({ MaxResults: 5, Filters: { ProductName: [{ Value: "é", Comparison: "EQUALS" }] } }))).Findings); out.push((await new IAMClient({ ...base, requestHandler: h('<ListUsersResponse><ListUsersResult><Users><member><UserName>a&amp;b</UserName><CreateDate>2024-02-29T10:00:00Z</CreateDate></member></Users><IsTruncated>true</IsTruncated><Marker>m</Marker></ListUsersResult></ListUsersResponse>', "text/xml") }).send(new ListUsersCommand({ MaxItems: 2 }))).Users); out.push(await new IAMClient({ ...base, requestHandler: h('<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no é</Message></Error></ErrorResponse>', "text/xml", 403) }).send(new ListUsersCommand({})).catch((e) => [e.name, e.message, e.$metadata.httpStatusCode])); const d = DynamoDBDocumentClient.from(new DynamoDBClient({ ...base, requestHandler: h('{"Item":{"a":{"N":"5"},"l":{"L":[{"S":"x"}]}}}', "application/x-amz-json-1.0") })); out.push((await d.send(new GetCommand({ TableName: "T", Key: { id: 1 } }))).Item); return [out, seen]; };
// == @apollo/client
import { ApolloClient, InMemoryCache, HttpLink, gql } from "@apollo/client/core/index.js";
export default async () => { const c = new ApolloClient({ cache: new InMemoryCache(), link: new HttpLink({ uri: "https://x.example/g", fetch: async (u, o) => new Response(JSON.stringify({ data: { a: { __typename: "A", id: 1, n: "é" } } }), { headers: { "content-type": "application/json" } }) }) }); const r = await c.query({ query: gql`{ a { id n } }` }); return [r.data, c.cache.extract()]; };
// == chrono-node
import * as chrono from "chrono-node";
export default () => { const ref = new Date("2024-05-15T12:00:00Z"); return ["tomorrow at 5pm", "last friday", "2 weeks ago", "Sat Aug 17 2013 18:40:39 GMT+0900", "in 3 days", "17 August 2013 - 19 August 2013", "noon next monday", "2014-11-30T08:15:30-05:30"].map((s) => { const r = chrono.parse(s, { instant: ref, timezone: "UTC" })[0]; return [r?.text, r?.start.date().toISOString(), r?.end?.date().toISOString()]; }); };
// == @js-joda/timezone
import { ZonedDateTime, ZoneId, LocalDateTime, DateTimeFormatter, Duration, Period, LocalDate, ChronoUnit, Instant } from "@js-joda/core";
import "@js-joda/timezone";
import { Locale } from "@js-joda/locale_en";
export default () => { const z = ZonedDateTime.of(LocalDateTime.parse("2024-03-31T01:30:00"), ZoneId.of("Europe/Berlin")); return [z.plusHours(1).toString(), z.withZoneSameInstant(ZoneId.of("America/New_York")).toString(), z.format(DateTimeFormatter.ofPattern("EEEE d MMMM yyyy HH:mm:ss XXX").withLocale(Locale.US)), Duration.between(z, z.plusDays(1)).toString(), Period.between(LocalDate.parse("2024-01-31"), LocalDate.parse("2024-03-01")).toString(), LocalDate.parse("2024-02-29").plusYears(1).toString(), ChronoUnit.DAYS.between(LocalDate.parse("2024-01-01"), LocalDate.parse("2024-12-31")), Instant.parse("2024-02-29T10:00:00.123456789Z").toString(), LocalDateTime.parse("05/06/2024 11:12", DateTimeFormatter.ofPattern("dd/MM/yyyy HH:mm")).toString()]; };
// == @peculiar/x509
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
export default async () => { x509.cryptoProvider.set(crypto); const alg = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" }; const keys = await crypto.subtle.generateKey(alg, true, ["sign", "verify"]); const cert = await x509.X509CertificateGenerator.createSelfSigned({ serialNumber: "01", name: "CN=Test, O=Дом", notBefore: new Date("2020/01/01"), notAfter: new Date("2040/01/02"), signingAlgorithm: alg, keys, extensions: [new x509.BasicConstraintsExtension(true, 2, true), new x509.SubjectAlternativeNameExtension([{ type: "dns", value: "a.example" }, { type: "ip", value: "10.0.0.1" }])] }); const c = new x509.X509Certificate(cert.toString("pem")); return [c.subject, c.issuer, c.serialNumber, c.notAfter.toISOString(), await c.verify(), c.extensions.length, c.getExtension(x509.SubjectAlternativeNameExtension).names.toJSON(), c.publicKey.algorithm, await c.isSelfSigned()]; };
// == pkijs
import * as asn1js from "asn1js";
import * as pkijs from "pkijs";
export default async () => { const c = new pkijs.CryptoEngine({ name: "n", crypto: globalThis.crypto }); pkijs.setEngine("n", c); const kp = await crypto.subtle.generateKey({ name: "RSASSA-PKCS1-v1_5", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" }, true, ["sign", "verify"]); const cert = new pkijs.Certificate(); cert.version = 2; cert.serialNumber = new asn1js.Integer({ value: 7 }); for (const n of ["issuer", "subject"]) cert[n].typesAndValues.push(new pkijs.AttributeTypeAndValue({ type: "2.5.4.3", value: new asn1js.Utf8String({ value: "Tést" }) })); cert.notBefore.value = new Date(0); cert.notAfter.value = new Date(2e12); await cert.subjectPublicKeyInfo.importKey(kp.publicKey); await cert.sign(kp.privateKey, "SHA-256"); const raw = cert.toSchema().toBER(); const again = pkijs.Certificate.fromBER(raw); return [again.subject.typesAndValues[0].value.valueBlock.value, await again.verify(), again.notAfter.value.toISOString(), again.serialNumber.valueBlock.valueDec]; };
// == class-validator
import "reflect-metadata";
import { validateSync, IsEmail, IsInt, Min, IsIP, IsISO8601 } from "class-validator";
class H {}
IsEmail()(H.prototype, "mail"); IsInt()(H.prototype, "n"); Min(3)(H.prototype, "n"); IsIP()(H.prototype, "ip"); IsISO8601()(H.prototype, "at");
export default () => { const h = Object.assign(new H(), { mail: "x", n: 1, ip: "1.2.3.4", at: "2024-13-01" }); return validateSync(h).map((e) => [e.property, e.constraints]); };
// == ajv:2020
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import addErrors from "ajv-errors";
import addKeywords from "ajv-keywords";
export default () => { const C = Ajv2020.default ?? Ajv2020; const ajv = new C({ allErrors: true, coerceTypes: true, useDefaults: true, removeAdditional: true }); (addFormats.default ?? addFormats)(ajv); (addErrors.default ?? addErrors)(ajv); (addKeywords.default ?? addKeywords)(ajv); const v = ajv.compile({ type: "object", required: ["a"], additionalProperties: false, properties: { a: { type: "integer", range: [2, 5] }, d: { type: "string", format: "date" }, t: { type: "string", format: "iso-date-time" }, u: { type: "string", format: "uri" }, e: { type: "string", format: "email" }, du: { type: "string", format: "duration" }, re: { type: "string", format: "regex" }, x: { type: "string", default: "dd" }, up: { type: "string", transform: ["toUpperCase"] } }, errorMessage: { properties: { a: "a is out of range" } } }); const o = { a: "3", d: "2024-02-29", t: "2024-02-29T10:00:00", u: "http://x/y", e: "a@b.cc", du: "P1D", re: "[", extra: 1, up: "ab" }; return [v(o), o, v.errors, v({ a: 9, d: "2024-02-30", u: ":", e: "no", du: "x" }), v.errors.map((e) => e.instancePath + " " + e.message)]; };
// == @js-temporal/polyfill
import { Temporal, Intl as TIntl } from "@js-temporal/polyfill";
export default () => { const z = Temporal.ZonedDateTime.from("2024-11-03T01:30[America/New_York]"); return [z.toString(), z.add({ hours: 1 }).toString(), z.with({ offset: "-05:00" }, { offset: "use" }).toString(), Temporal.PlainDateTime.from("2024-02-29T10:00").toZonedDateTime("Asia/Kolkata").toInstant().toString(), Temporal.Duration.from({ minutes: 130 }).total("hours"), Temporal.PlainDate.from("2024-02-29").toLocaleString("de-DE", { dateStyle: "long" }), Temporal.PlainYearMonth.from("2024-02").daysInMonth]; };
