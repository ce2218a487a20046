"""What the server says of itself (``rest/instance_serializer.rb``, ``rest/v1/instance_serializer.rb``)."""

from sandbox.mastodon.methods.call import Answer, Call
from sandbox.mastodon.profiles import Profile
from sandbox.mastodon.values import Json

MATRIX = 16_777_216 * 3


def first(call: Call) -> Answer:
    """The older form."""
    profile, domain = call.world.profile, call.world.domain
    body = {
        "uri": domain,
        "title": domain,
        "short_description": "",
        "description": "",
        "email": f"contact@{domain}",
        "version": profile.version,
        "urls": {"streaming_api": _streaming(call)},
        "stats": {"user_count": len(call.world.accounts), "status_count": len(call.world.statuses), "domain_count": 1},
        "thumbnail": None,
        "languages": ["fr", "en"],
        "registrations": False,
        "approval_required": False,
        "invites_enabled": False,
        "configuration": _configuration(profile),
        "contact_account": None,
        "rules": [],
    }
    return Answer(body=body)


def second(call: Call) -> Answer:
    """The newer form."""
    profile, domain = call.world.profile, call.world.domain
    versions: Json = {} if profile.api_version is None else {"api_versions": {"mastodon": profile.api_version}}
    configuration = _configuration(profile) | {
        "urls": {"streaming": _streaming(call), "status": None, "about": f"https://{domain}/about"},
        "vapid": {"public_key": ""},
        "translation": {"enabled": False},
        "limited_federation": False,
    }
    body = {
        "domain": domain,
        "title": domain,
        "version": profile.version,
        "source_url": "https://github.com/mastodon/mastodon",
        "description": "",
        "usage": {"users": {"active_month": len(call.world.accounts)}},
        "thumbnail": {"url": f"https://{domain}/thumbnail.png", "blurhash": None, "versions": {}},
        "icon": [],
        "languages": ["fr", "en"],
        "configuration": configuration,
        "registrations": {"enabled": False, "approval_required": False, "message": None, "url": None},
        "contact": {"email": f"contact@{domain}", "account": None},
        "rules": [],
        **versions,
    }
    return Answer(body=body)


def _streaming(call: Call) -> str:
    address = call.shape.address.partition("://")[2]
    return f"{call.world.profile.streaming_scheme}://{address}"


def _configuration(profile: Profile) -> Json:
    return {
        "accounts": {"max_featured_tags": 10, "max_pinned_statuses": 5},
        "statuses": {
            "max_characters": profile.max_characters,
            "max_media_attachments": profile.max_media,
            "characters_reserved_per_url": profile.characters_per_url,
        },
        "media_attachments": {
            "supported_mime_types": ["image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4", "audio/ogg"],
            "description_limit": profile.description_limit,
            "image_size_limit": profile.image_size_limit,
            "image_matrix_limit": MATRIX,
            "video_size_limit": profile.video_size_limit,
            "video_frame_rate_limit": 120,
            "video_matrix_limit": MATRIX,
        },
        "polls": {
            "max_options": profile.max_options,
            "max_characters_per_option": profile.max_option_characters,
            "min_expiration": int(profile.min_expiration.total_seconds()),
            "max_expiration": int(profile.max_expiration.total_seconds()),
        },
    }
