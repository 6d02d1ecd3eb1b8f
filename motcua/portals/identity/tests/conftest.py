import re
import time
from urllib.parse import parse_qs, urlencode, urlsplit

from django.utils import timezone

from motcua.base import jose
from motcua.connectors.identity.client import errand
from motcua.domain.accounts import queries

LEVELS = "urn:vn:loa:2 urn:vn:loa:1"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def params(national, begun=None, **changes):
    begun = begun or errand()
    good = {
        "response_type": "code",
        "client_id": national.client_id,
        "redirect_uri": national.redirect_uri,
        "scope": "openid profile citizen_number",
        "state": begun.state,
        "nonce": begun.nonce,
        "code_challenge": begun.challenge,
        "code_challenge_method": "S256",
        **changes,
    }
    return {name: value for name, value in good.items() if value is not None}


def answer_of(response):
    return {name: values[0] for name, values in parse_qs(urlsplit(response["Location"]).query).items()}


def authorize(national, begun=None, **changes):
    return national.browser.get("/oidc/authorize", params(national, begun, **changes))


def code_for(national, who, begun):
    """Give the ordinary client a code."""
    words = params(national, begun, scope="openid profile citizen_number phone", acr_values=LEVELS)
    return national.log_in(who, f"/oidc/authorize?{urlencode(words)}")["code"]


def strict_code(national, who, begun):
    """Give the strict client a code."""
    return national.log_in(who, national.provider().authorize_url(begun, levels=(2, 1)))["code"]


def assertion(national, key=None, **changes):
    now = int(time.time())
    claims = {
        "iss": national.client_id,
        "sub": national.client_id,
        "aud": national.issuer,
        "jti": errand().state,
        "exp": now + 60,
        **changes,
    }
    return jose.sign(claims, key or national.key)


def token(national, begun, code, /, *, headers=None, **changes):
    body = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": national.redirect_uri,
        "code_verifier": begun.verifier,
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion(national),
        **changes,
    }
    body = {name: value for name, value in body.items() if value is not None}
    return national.browser.post("/oidc/token", body, headers=headers)


class Agency:
    """The strict client, word by word, so that tests can say something wrong."""

    def __init__(self, national):
        self.national, self.client_id, self.browser = national, national.strict_id, national.browser
        self.held = jose.new_key()

    def assertion(self, **changes):
        return assertion(self.national, **{"iss": self.client_id, "sub": self.client_id, **changes})

    def proof(self, htm="POST", htu="token", *, key=None, typ="dpop+jwt", access_token="", **changes):
        good = {"htm": htm, "htu": f"{self.national.issuer}/oidc/{htu}" if "/" not in htu else htu}
        good |= {"jti": errand().state, "iat": int(time.time())}
        good |= {"nonce": queries.nonces(at=timezone.now())[0]}
        good |= {"ath": jose.whole_hash(access_token) if access_token else None, **changes}
        given = {name: value for name, value in good.items() if value is not None}
        return jose.prove(given, key or self.held, typ=typ)

    def push(self, begun, *, proof=None, **changes):
        words = {"client_id": self.client_id, "dpop_jkt": jose.thumbprint(self.held)}
        words |= {"client_assertion_type": ASSERTION_TYPE, "client_assertion": self.assertion(), **changes}
        body = params(self.national, begun, **words)
        return self.browser.post("/oidc/par", body, headers={"DPoP": proof} if proof else None)

    def open(self, name, **changes):
        return self.browser.get(
            "/oidc/authorize", {"client_id": self.client_id, "request_uri": name, **changes}
        )

    def log_in(self, who, name):
        words = urlencode({"client_id": self.client_id, "request_uri": name})
        return self.national.log_in(who, f"/oidc/authorize?{words}")

    def code(self, who, begun, **changes):
        return self.log_in(who, self.push(begun, **changes).json()["request_uri"])["code"]

    def redeem(self, begun, code, *, proof="", key=None, **changes):
        proof = self.proof(key=key) if proof == "" else proof
        words = {"client_assertion": self.assertion(), **changes}
        return token(self.national, begun, code, headers={"DPoP": proof} if proof else None, **words)

    def call(self, place, words, *, proof=None):
        known = {"client_assertion_type": ASSERTION_TYPE, "client_assertion": self.assertion(), **words}
        body = {name: value for name, value in known.items() if value is not None}
        return self.browser.post(f"/oidc/{place}", body, headers={"DPoP": proof} if proof else None)

    def userinfo(self, access, *, proof=""):
        proof = proof or self.proof("GET", "userinfo", access_token=access)
        headers = {"Authorization": f"DPoP {access}", "DPoP": proof}
        return self.browser.get("/oidc/userinfo", headers=headers)


LOG_IN = "/dinh-danh/dang-nhap/"


def words(response):
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", text)


def enter(national, who, path=LOG_IN, **changes):
    return national.browser.post(path, {"number": who.number, "password": who.password, **changes})


def waiting_at(national, **options):
    return national.browser.get(national.provider().authorize_url(errand(), **options))["Location"]
