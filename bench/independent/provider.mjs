// npm oidc-provider as strict as ours, for bench/identity.py: its state stands in memory.
// Arguments: port, client_id, redirect_uri, the client's public key (JSON).
import { createRequire } from "node:module";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { pathToFileURL } from "node:url";

const here = createRequire(`${process.env.MODULES}/`);
const { Provider } = await import(pathToFileURL(here.resolve("oidc-provider")));
const [port, client_id, redirect_uri, key] = process.argv.slice(2);
const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const signing = { ...privateKey.export({ format: "jwk" }), kid: "one", alg: "ES256", use: "sig" };
const person = { citizen_number: "080190000017", name: "A", birthdate: "1990", gender: "female", phone_number: "0" };

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id,
      redirect_uris: [redirect_uri],
      response_types: ["code"],
      grant_types: ["authorization_code", "client_credentials"],
      scope: "openid profile citizen_number phone representation registration",
      token_endpoint_auth_method: "private_key_jwt",
      token_endpoint_auth_signing_alg: "ES256",
      id_token_signed_response_alg: "ES256",
      dpop_bound_access_tokens: true,
      require_pushed_authorization_requests: true,
      jwks: { keys: [JSON.parse(key)] },
    },
  ],
  jwks: { keys: [signing] },
  scopes: ["openid", "offline_access", "representation", "registration"],
  cookies: { keys: ["bench"] },
  pkce: { required: () => true },
  claims: {
    openid: ["sub"],
    profile: ["name", "birthdate", "gender"],
    citizen_number: ["citizen_number"],
    phone: ["phone_number"],
  },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...person }) }),
  features: {
    devInteractions: { enabled: true },
    clientCredentials: { enabled: true },
    pushedAuthorizationRequests: { enabled: true },
    dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => true },
  },
  enabledJWA: { idTokenSigningAlgValues: ["ES256"], dPoPSigningAlgValues: ["ES256"] },
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
