"""All the words people read, French and English together, and what turns a message into them.

``<locale>/<message>.j2`` holds one message; ``<locale>/<message>.<platform>.j2`` replaces it on one platform. Files
beginning with ``_`` hold what several messages share. Templates write a small neutral markup (``markup.py``).
"""
