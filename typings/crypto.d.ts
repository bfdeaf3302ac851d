/**
 * The module `carjs/crypto`: digests, signatures, signed tokens and random values.
 *
 * Texts count as their UTF-8. No error says anything of a key but its kind.
 */
declare module "carjs/crypto" {
  /** A text, which counts as its UTF-8, or bytes. */
  export type Data = string | ArrayBuffer | ArrayBufferView;

  /**
   * Algorithms of {@link hash} and {@link hmac}. `md5` and `sha1` are broken, and there because
   * APIs ask for them.
   */
  export type HashAlgorithm = "md5" | "sha1" | "sha256" | "sha384" | "sha512";

  /**
   * Forms of a digest or a signature: hexadecimal digits in lower case, base64 with padding, base64
   * for URLs without padding, or a `Uint8Array`.
   */
  export type Encoding = "hex" | "base64" | "base64url" | "bytes";

  /**
   * Algorithms of {@link sign} and {@link verify}, by their names in RFC 7518 and RFC 8037: RSA
   * (`RS…`), RSA-PSS with a salt as long as the digest (`PS…`), ECDSA on P-256, P-384 and P-521
   * (`ES…`) and Ed25519 (`EdDSA`). ECDSA signatures are the two numbers at full length one after
   * the other, as tokens have them, and not ASN.1 as in certificates.
   */
  export type SignatureAlgorithm =
    | "RS256" | "RS384" | "RS512"
    | "PS256" | "PS384" | "PS512"
    | "ES256" | "ES384" | "ES512"
    | "EdDSA";

  /** Algorithms of {@link jwt}: those of {@link sign}, and HMAC with a shared secret. */
  export type TokenAlgorithm = "HS256" | "HS384" | "HS512" | SignatureAlgorithm;

  /**
   * Makes the digest of data.
   * @param algorithm how
   * @param data of what
   * @param encoding the form of the result; default: `"hex"`
   * @throws TypeError when an argument is of the wrong type, or names what is not there
   */
  export function hash(algorithm: HashAlgorithm, data: Data, encoding?: Exclude<Encoding, "bytes">): string;
  export function hash(algorithm: HashAlgorithm, data: Data, encoding: "bytes"): Uint8Array;

  /**
   * Makes the HMAC of data with a shared secret, as signed requests have it.
   *
   * ```ts
   * const signature = hmac("sha256", secret, `${timestamp}\n${method}\n${path}`, "base64");
   * ```
   * @param algorithm the digest inside
   * @param key the secret, as text or bytes; a secret that is given in base64 or hex has to be
   * decoded first, with `carjs/encoding`
   * @param data of what
   * @param encoding the form of the result; default: `"hex"`
   * @throws Error when the key is empty, which ends the run as a fault of the settings
   * @throws TypeError when an argument is of the wrong type, or names what is not there
   */
  export function hmac(algorithm: HashAlgorithm, key: Data, data: Data, encoding?: Exclude<Encoding, "bytes">): string;
  export function hmac(algorithm: HashAlgorithm, key: Data, data: Data, encoding: "bytes"): Uint8Array;

  /**
   * Signs data with a private key.
   * @param algorithm how
   * @param key the private key in PEM form: PKCS#8 (`BEGIN PRIVATE KEY`), PKCS#1
   * (`BEGIN RSA PRIVATE KEY`) or `BEGIN EC PRIVATE KEY`, without a password. Its line ends may be
   * spelt out as `\n`, as environment variables often have them
   * @param data what to sign; its digest is made here
   * @param encoding the form of the result; default: `"hex"`
   * @throws Error when the key is not usable, which ends the run as a fault of the settings; the
   * message says what key is expected and what this one is
   * @throws TypeError when an argument is of the wrong type, or names what is not there
   */
  export function sign(algorithm: SignatureAlgorithm, key: Data, data: Data, encoding?: Exclude<Encoding, "bytes">): string;
  export function sign(algorithm: SignatureAlgorithm, key: Data, data: Data, encoding: "bytes"): Uint8Array;

  /**
   * Tells whether a signature was made of the data with the private part of a key.
   * @param algorithm how
   * @param key the public key in PEM form (`BEGIN PUBLIC KEY` or `BEGIN RSA PUBLIC KEY`), a
   * certificate, or the private key
   * @param data what was signed
   * @param signature as {@link sign} gives it: a text in the encoding, or bytes
   * @param encoding the form of a signature that is a text; default: `"hex"`
   * @returns false also for a signature that is none of the encoding
   * @throws Error when the key is not usable, which ends the run as a fault of the settings
   * @throws TypeError when an argument is of the wrong type, or names what is not there
   */
  export function verify(algorithm: SignatureAlgorithm, key: Data, data: Data, signature: Data, encoding?: Encoding): boolean;

  /** What {@link jwt} signs. */
  export interface TokenOptions {
    /**
     * Added to the header, which has `alg` and `typ: "JWT"`: `kid`, for example. `typ` can be
     * changed, `alg` cannot.
     */
    header?: Record<string, unknown>;
    /**
     * The payload. Times in it (`iat`, `exp`, `nbf`) are in **seconds** since 1970:
     * `Math.floor(Date.now() / 1000)`.
     */
    claims: Record<string, unknown>;
    /** The private key in PEM form, as for {@link sign}; for `HS…` the shared secret. */
    key: Data;
    /** How to sign. */
    algorithm: TokenAlgorithm;
  }

  /**
   * Makes a signed JSON web token in its compact form. For a service account:
   *
   * ```ts
   * const now = Math.floor(Date.now() / 1000);
   * const assertion = jwt({
   *   algorithm: "RS256",
   *   key: args.CONFIGURATION_AUTH_PRIVATE_KEY,
   *   header: { kid: args.CONFIGURATION_AUTH_KEY_ID },
   *   claims: { iss: account, aud: tokenUrl, iat: now, exp: now + 3600 },
   * });
   * ```
   * @returns header, claims and signature, in base64url and joined by dots
   * @throws Error when the key is empty or not usable, which ends the run as a fault of the
   * settings
   * @throws TypeError when an option is missing, of the wrong type, or names what is not there
   */
  export function jwt(options: TokenOptions): string;

  /** Makes a random UUID (version 4), in lower case. */
  export function uuid(): string;

  /**
   * Makes random bytes that nobody can guess.
   * @param count how many, 0 to 65,536
   * @throws TypeError when the count is no such number
   */
  export function randomBytes(count: number): Uint8Array;

  /**
   * Tells whether two texts or byte sequences are equal, in a time that does not depend on where
   * they differ. It does depend on whether their lengths differ.
   * @throws TypeError when an argument is neither a text nor bytes
   */
  export function timingSafeEqual(a: Data, b: Data): boolean;
}
