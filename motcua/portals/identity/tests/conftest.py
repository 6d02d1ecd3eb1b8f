import re
import time
from urllib.parse import parse_qs, urlsplit

from motcua.base import jose
from motcua.connectors.identity.client import errand

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
    url = national.provider().authorize_url(begun, levels=(2, 1))
    return national.log_in(who, url)["code"]


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


LOG_IN = "/dinh-danh/dang-nhap/"


def words(response):
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", text)


def enter(national, who, path=LOG_IN, **changes):
    return national.browser.post(path, {"number": who.number, "password": who.password, **changes})


def waiting_at(national, **options):
    return national.browser.get(national.provider().authorize_url(errand(), **options))["Location"]
