"""The two ways identity says no.

IdentityError
├── BadToken      a caller's token is refused: answer 401
└── BadSetting    the operator's keys, secrets or names cannot be used: do not start
"""


class IdentityError(Exception):
    """Something presented or configured cannot be trusted."""


class BadToken(IdentityError):
    """A caller's token is refused.

    The reason may be shown to the caller: it never holds any part of the token.
    """

    def __init__(self, reason: str) -> None:
        """Keep the reason, a clause without a full stop."""
        super().__init__(reason)
        self.reason = reason


class BadSetting(IdentityError):
    """A key, a secret or a name given by the operator cannot be used.

    The message says what is wrong and what to give instead, never the secret.
    """
