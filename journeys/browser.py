"""A browser without a screen: pages, and forms found by what their buttons say."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

import httpx
from lxml import html

Files = Mapping[str, tuple[str, bytes, str]]


class Lost(Exception):
    """A page is not what a person would expect; the message says which and what it shows instead."""


class Browser:
    """One person's browser: its cookies, and the page that is open."""

    def __init__(self, home: str, transport: httpx.BaseTransport | None = None) -> None:
        self.http = httpx.Client(follow_redirects=True, timeout=90, trust_env=False, transport=transport)
        self.url = home
        self.open("/")

    def open(self, address: str) -> None:
        """Go to an address."""
        self._show(self.http.get(urljoin(self.url, address)))

    def follow(self, words: str) -> None:
        """Follow the first link that says these words."""
        for link in self.page.iter("a"):
            if words in said(link) and link.get("href"):
                return self.open(link.get("href"))
        raise self.lost(f"không có liên kết “{words}”")

    def press(self, words: str, answers: Mapping[str, str] | None = None, files: Files | None = None) -> None:
        """Fill in the form that has a button with these words, and press it; what is there already stays."""
        form, button = self._form(words)
        for name, value in (answers or {}).items():
            if name not in form.fields:
                raise self.lost(f"biểu mẫu “{words}” không có ô {name}")
            form.fields[name] = value
        data: dict[str, list[str]] = {}
        for name, value in form.form_values():
            data.setdefault(name, []).append(value)
        if button.get("name"):
            data[button.get("name")] = [button.get("value", "")]
        address = urljoin(self.url, button.get("formaction") or form.get("action") or "")
        heads = self._heads
        if form.method == "GET":
            self._show(self.http.get(address, params=data, headers=heads))
        else:
            self._show(self.http.post(address, data=data, files=files, headers=heads))

    def send(self, path: str, answers: Mapping[str, str] | None = None) -> None:
        """Send a form found by XPath, as a script or a button elsewhere on the page does."""
        form = self.find(path)[0]
        self._show(self.http.post(self._goal(form), data=self._held(form, answers), headers=self._heads))

    def ask(self, path: str, address: str) -> dict[str, Any]:
        """Send what a form holds to another address, as a script does, and give the JSON it answers."""
        data = self._held(self.find(path)[0], None)
        answer = self.http.post(urljoin(self.url, address), data=data, headers=self._heads)
        if answer.is_error:
            raise self.lost(f"{address} trả lời {answer.status_code}")
        found: dict[str, Any] = answer.json()
        return found

    @property
    def _heads(self) -> dict[str, str]:
        return {"Referer": self.url}

    def _goal(self, form: html.FormElement) -> str:
        return urljoin(self.url, form.get("action") or "")

    @staticmethod
    def _held(form: html.FormElement, answers: Mapping[str, str] | None) -> dict[str, str]:
        return {**dict(form.form_values()), **(answers or {})}

    def fill(self, words: str, answers: Mapping[str, str]) -> None:
        """Press a button after giving those of the answers that this page asks for."""
        asked = self._form(words)[0].fields
        self.press(words, {name: value for name, value in answers.items() if name in asked})

    def offers(self, words: str) -> bool:
        """Tell whether there is a button with these words that can be pressed."""
        return any(
            words in said(button) and "disabled" not in button.attrib for button in self.page.iter("button")
        )

    def find(self, path: str) -> list[html.HtmlElement]:
        """Find elements by XPath; none at all is a fault."""
        found = self.page.xpath(path)
        if not found:
            raise self.lost(f"trang thiếu {path}")
        return list(found)

    def lost(self, why: str) -> Lost:
        """Say where one is and what is wrong there."""
        heading = " ".join(said(one) for one in self.page.iter("h1"))
        return Lost(f"{self.url} (“{heading}”): {why}")

    def _form(self, words: str) -> tuple[html.FormElement, html.HtmlElement]:
        for form in self.page.forms:
            for button in form.iter("button"):
                if words in said(button) and "disabled" not in button.attrib:
                    return form, button
        raise self.lost(f"không có nút “{words}”")

    def _show(self, answer: httpx.Response) -> None:
        self.url, self.answer = str(answer.url), answer
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        self.page = html.fromstring(answer.text if is_page else "<p></p>")
        if answer.is_error:
            faults = " ".join(said(one) for one in self.page.find_class("govuk-error-summary"))
            raise self.lost(f"trả lời {answer.status_code}. {faults}".strip())


def said(element: html.HtmlElement) -> str:
    """Give the words of an element, evenly spaced."""
    return " ".join(element.text_content().split())
