"""The chats in a browser, as a citizen's phone shows them. French and English; no request leaves this machine."""
