"""Headers: what every answer says to the browser, so that it does nothing but show our page."""

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

from agent.config.web import WebSettings

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
)
"""No script and no style inside a page: text that slips into one stays text."""

HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "x-robots-tag": "noindex, nofollow",
}

_A_YEAR_S = 365 * 86_400


def with_headers(send: Send, web: WebSettings) -> Send:
    """Send the same, with these headers; what is not said to be kept is kept by nobody."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            headers.setdefault("cache-control", "no-store")
            if web.is_secure:
                headers["strict-transport-security"] = f"max-age={_A_YEAR_S}"
        await send(message)

    return sending
