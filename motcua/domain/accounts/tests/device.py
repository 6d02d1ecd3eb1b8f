"""A device with passkeys, as far as a site can tell."""

import hashlib
import json
import os

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from motcua.base.jose import base64url

HERE = "http://testserver"
UP, UV, BE, BS, AT = 1, 4, 8, 16, 64


def opened(text):
    return hashlib.sha256(text.encode()).digest()


class Device:
    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(32)
        self.handle = b""
        self.count = 0

    def make(self, challenge, handle, *, flags=UP | UV, origin=HERE, kind="webauthn.create"):
        self.handle = handle
        data = self._data(flags | AT, origin) + self._credential()
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client(kind, challenge, origin)
        return self._told(client, attestationObject=attestation, transports=["internal", "hybrid"])

    def use(self, challenge, *, flags=UP | UV, origin=HERE, kind="webauthn.get", count=None, **changes):
        self.count = self.count + 1 if count is None else count
        data, client = self._data(flags, changes.pop("party", origin)), self._client(kind, challenge, origin)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        parts = {"authenticatorData": data, "signature": signature, "userHandle": self.handle, **changes}
        return self._told(client, **parts)

    def _data(self, flags, origin):
        name = origin.split("//")[1].split(":")[0]
        return opened(name) + bytes([flags]) + self.count.to_bytes(4, "big")

    def _credential(self):
        point = self.key.public_key().public_numbers()
        x, y = point.x.to_bytes(32, "big"), point.y.to_bytes(32, "big")
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        return bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cose

    def _client(self, kind, challenge, origin):
        words = {"type": kind, "challenge": base64url(challenge), "origin": origin, "crossOrigin": False}
        return json.dumps(words).encode()

    def _told(self, client, *, transports=None, **parts):
        response = {name: base64url(part) for name, part in parts.items()}
        response["clientDataJSON"] = base64url(client)
        if transports:
            response["transports"] = transports
        here = {"id": base64url(self.id), "rawId": base64url(self.id), "type": "public-key"}
        return json.dumps({**here, "response": response})
