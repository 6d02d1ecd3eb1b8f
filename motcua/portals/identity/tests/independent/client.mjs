// A client that somebody else wrote (openid-client) goes the whole strict way; run by test_independent.py.
// In: one JSON line {issuer, client_id, key, redirect_uri, scope}. Out: the address for a browser.
// In: the address where the browser came back. Out: one JSON line telling what happened.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const here = createRequire(`${process.env.MODULES}/`);
const client = await import(pathToFileURL(here.resolve("openid-client")));
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const next = async () => (await lines.next()).value;

const told = JSON.parse(await next());
const curve = { name: "ECDSA", namedCurve: "P-256" };
const key = await crypto.subtle.importKey("jwk", told.key, curve, false, ["sign"]);
const config = await client.discovery(
  new URL(told.issuer),
  told.client_id,
  { dpop_bound_access_tokens: true, id_token_signed_response_alg: "ES256" },
  client.PrivateKeyJwt({ key, kid: told.key.kid }),
  { execute: [client.allowInsecureRequests] },
);
const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair("ES256"));
const refused = async (promise) => {
  try {
    await promise;
    return "not refused";
  } catch (error) {
    return error.error ?? error.cause?.[0]?.parameters?.error ?? error.code;
  }
};

const verifier = client.randomPKCECodeVerifier();
const state = client.randomState();
const nonce = client.randomNonce();
const words = {
  redirect_uri: told.redirect_uri,
  scope: told.scope,
  state,
  nonce,
  acr_values: "urn:vn:loa:2",
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
};
const plain = await refused(client.buildAuthorizationUrlWithPAR(config, words));
const address = await client.buildAuthorizationUrlWithPAR(config, words, { DPoP });
console.log(address.href);

const back = new URL(await next());
const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce };
const tokens = await client.authorizationCodeGrant(config, back, checks, undefined, { DPoP });
const claims = tokens.claims();
const person = await client.fetchUserInfo(config, tokens.access_token, claims.sub, { DPoP });
const borne = await refused(client.fetchUserInfo(config, tokens.access_token, claims.sub));
const newer = await client.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP });
const again = await client.fetchUserInfo(config, newer.access_token, claims.sub, { DPoP });
const looked = await client.tokenIntrospection(config, newer.access_token);
await client.tokenRevocation(config, newer.refresh_token);
const gone = await client.tokenIntrospection(config, newer.access_token);
const dead = await refused(client.refreshTokenGrant(config, newer.refresh_token, undefined, { DPoP }));
const closed = await refused(client.fetchUserInfo(config, newer.access_token, claims.sub, { DPoP }));
const own = await client.clientCredentialsGrant(config, { scope: "registration" }, { DPoP });
const place = new URL(config.serverMetadata().client_configuration_endpoint);
const reading = (token) => client.fetchProtectedResource(config, token, place, "GET", null, null, { DPoP });
const registered = await (await reading(own.access_token)).json();
const strange = await refused(client.clientCredentialsGrant(config, { scope: "openid" }, { DPoP }));
const nobody = await refused(client.fetchUserInfo(config, own.access_token, claims.sub, { DPoP }));
const end = client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token }).href;
const type = tokens.token_type;
console.log(
  JSON.stringify({ plain, type, claims, person, borne, again, looked, gone, dead, closed, end, registered, strange, nobody }),
);
process.exit(0);
