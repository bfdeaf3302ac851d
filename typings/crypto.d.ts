/**
 * The module `carjs/crypto`: digests, signatures, signed tokens and random values.
 *
 * Texts are encoded as UTF-8. Errors never reveal anything about a key except its kind.
 */
declare module "carjs/crypto" {
  /** Text, encoded as UTF-8, or bytes. */
  export type Data = string | ArrayBuffer | ArrayBufferView;

  /**
   * Algorithms of {@link hash} and {@link hmac}. `md5` and `sha1` are broken, and only there for
   * APIs that require them.
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
   * (`ES…`) and Ed25519 (`EdDSA`). ECDSA signatures are the two numbers at full length, as in
   * tokens, not ASN.1 as in certificates.
   */
  export type SignatureAlgorithm =
    | "RS256" | "RS384" | "RS512"
    | "PS256" | "PS384" | "PS512"
    | "ES256" | "ES384" | "ES512"
    | "EdDSA";

  /** Algorithms of {@link jwt}: those of {@link sign}, and HMAC with a shared secret. */
  export type TokenAlgorithm = "HS256" | "HS384" | "HS512" | SignatureAlgorithm;

  /**
   * Computes the digest of data.
   * @param algorithm the algorithm
   * @param data the data
   * @param encoding the form of the result; default: `"hex"`
   * @throws TypeError if an argument has the wrong type or an unknown value
   */
  export function hash(algorithm: HashAlgorithm, data: Data, encoding?: Exclude<Encoding, "bytes">): string;
  export function hash(algorithm: HashAlgorithm, data: Data, encoding: "bytes"): Uint8Array;

  /**
   * Computes the HMAC of data with a shared secret, as used in signed requests.
   *
   * ```ts
   * const signature = hmac("sha256", secret, `${timestamp}\n${method}\n${path}`, "base64");
   * ```
   * @param algorithm the digest to use
   * @param key the secret, as text or bytes; decode a secret in base64 or hex first, with
   * `carjs/encoding`
   * @param data the data
   * @param encoding the form of the result; default: `"hex"`
   * @throws Error if the key is empty; it ends the run as a fault of the settings
   * @throws TypeError if an argument has the wrong type or an unknown value
   */
  export function hmac(algorithm: HashAlgorithm, key: Data, data: Data, encoding?: Exclude<Encoding, "bytes">): string;
  export function hmac(algorithm: HashAlgorithm, key: Data, data: Data, encoding: "bytes"): Uint8Array;

  /**
   * Signs data with a private key.
   * @param algorithm the algorithm
   * @param key the private key in PEM form: PKCS#8 (`BEGIN PRIVATE KEY`), PKCS#1 (`BEGIN RSA
   * PRIVATE KEY`) or `BEGIN EC PRIVATE KEY`, without a password. Its line ends may be written as
   * `\n`, as is common in environment variables
   * @param data the data to sign, not its digest
   * @param encoding the form of the result; default: `"hex"`
   * @throws Error if the key is unusable; it ends the run as a fault of the settings; the
   * message says what key is expected and what this one is
   * @throws TypeError if an argument has the wrong type or an unknown value
   */
  export function sign(algorithm: SignatureAlgorithm, key: Data, data: Data, encoding?: Exclude<Encoding, "bytes">): string;
  export function sign(algorithm: SignatureAlgorithm, key: Data, data: Data, encoding: "bytes"): Uint8Array;

  /**
   * Tells whether a signature of the data was made with the private part of a key.
   * @param algorithm the algorithm
   * @param key the public key in PEM form (`BEGIN PUBLIC KEY` or `BEGIN RSA PUBLIC KEY`), a
   * certificate, or the private key
   * @param data the signed data
   * @param signature as returned by {@link sign}: text in the encoding, or bytes
   * @param encoding the form of a signature given as text; default: `"hex"`
   * @returns false also if the signature does not match the encoding
   * @throws Error if the key is unusable; it ends the run as a fault of the settings
   * @throws TypeError if an argument has the wrong type or an unknown value
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
    /** The algorithm. */
    algorithm: TokenAlgorithm;
  }

  /**
   * Creates a signed JSON web token in compact form. For a service account:
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
   * @throws Error if the key is empty or unusable; it ends the run as a fault of the settings
   * @throws TypeError if an option is missing, has the wrong type or an unknown value
   */
  export function jwt(options: TokenOptions): string;

  /** Returns a random UUID (version 4), in lower case. */
  export function uuid(): string;

  /**
   * Returns cryptographically secure random bytes.
   * @param count how many, 0 to 65,536
   * @throws TypeError if the count is out of range
   */
  export function randomBytes(count: number): Uint8Array;

  /**
   * Tells whether two texts or byte sequences are equal, in time that does not depend on where
   * they differ, only on whether their lengths do.
   * @throws TypeError if an argument is neither text nor bytes
   */
  export function timingSafeEqual(a: Data, b: Data): boolean;
}
