"""Names that people know for what browsers call themselves."""

from django.utils.translation import gettext as _

#: the first word found counts: many browsers also call themselves by the name of another
BROWSERS = {
    "Zalo": "Zalo",
    "coc_coc": "Cốc Cốc",
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "Chrome": "Chrome",
    "CriOS": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "Linux": "Linux",
}


def name(agent: str) -> str:
    """Name a browser and its device as far as it tells."""
    browser = next((shown for word, shown in BROWSERS.items() if word in agent), _("Trình duyệt khác"))
    system = next((shown for word, shown in SYSTEMS.items() if word in agent), "")
    return f"{browser} · {system}" if system else browser
