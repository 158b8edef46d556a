"""Settings are read from the environment, or refused with what to write instead."""

import json
from datetime import time
from ipaddress import ip_network
from pathlib import Path

import pytest

from gateway import environment, opening
from gateway.config import BadSettings, Settings
from gateway.personalize.grammar import Limits


def _refusal(**environ: str) -> str:
    with pytest.raises(BadSettings) as refused:
        Settings.from_environment(environ)
    return str(refused.value)


def test_an_empty_environment_gives_the_defaults() -> None:
    settings = Settings.from_environment({"HOME": "/home/ada"})

    assert settings == Settings(data_directory=settings.data_directory)
    assert (settings.host, settings.port, settings.workers) == ("127.0.0.1", 8000, 1)
    assert settings.database_url is None
    assert settings.cache_url is None
    assert settings.cors_origins == ()
    assert settings.database_acquire_timeout_seconds == 0.25


def test_an_account_without_a_home_needs_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)

    settings = Settings.from_environment({"XDG_DATA_HOME": "~nobody-at-all"})

    assert settings.data_directory == Path("/var/lib/personalization-gateway")


def test_every_value_has_the_type_of_its_setting(tmp_path: Path) -> None:
    settings = Settings.from_environment(
        {
            "DATABASE_URL": "postgresql://shop@db.example/gateway",
            "CACHE_URL": "valkeys://cache.example:6380/1",
            "GATEWAY_DATA_DIRECTORY": str(tmp_path),
            "GATEWAY_PORT": " 9000 ",
            "GATEWAY_REVISION_POLL_SECONDS": "0.5",
            "GATEWAY_SESSION_COOKIE_SECURE": "No",
            "GATEWAY_LOG_FORMAT": "TEXT",
            "GATEWAY_CORS_ORIGINS": "https://a.example, http://localhost:3000",
            "GATEWAY_TRUSTED_PROXIES": "10.1.2.3, 2001:db8::/32",
            "GATEWAY_SEGMENT_REFRESH_TIMES": "15:00, 03:30",
        }
    )

    assert settings.database_url == "postgresql://shop@db.example/gateway"
    assert settings.cache_url == "valkeys://cache.example:6380/1"
    assert settings.data_directory == tmp_path
    assert settings.port == 9000
    assert settings.revision_poll_seconds == 0.5
    assert settings.session_cookie_secure is False
    assert settings.log_format == "text"
    assert settings.cors_origins == ("https://a.example", "http://localhost:3000")
    assert settings.trusted_proxies == (
        ip_network("10.1.2.3"),
        ip_network("2001:db8::/32"),
    )
    assert settings.segment_refresh_times == (time(3, 30), time(15))


def test_an_empty_variable_counts_as_not_set() -> None:
    settings = Settings.from_environment({"GATEWAY_PORT": "", "DATABASE_URL": " "})

    assert settings.port == 8000
    assert settings.database_url is None


@pytest.mark.parametrize(
    ("variable", "given", "remedy"),
    [
        ("GATEWAY_PORT", "80a", "write a whole number from 0 to 65535"),
        ("GATEWAY_PORT", "65536", "write a whole number from 0 to 65535"),
        ("GATEWAY_PORT", "1_000", "write a whole number from 0 to 65535"),
        ("GATEWAY_PORT", "٨٠", "write a whole number from 0 to 65535"),
        ("GATEWAY_REQUEST_TIMEOUT_SECONDS", "nan", "write seconds from 0.1 to 300"),
        ("GATEWAY_REQUEST_TIMEOUT_SECONDS", "soon", "write seconds from 0.1 to 300"),
        ("GATEWAY_GRAPHIQL", "maybe", "write `true` or `false`"),
        ("GATEWAY_LOG_FORMAT", "xml", "write `json` or `text`"),
        *(
            (
                "GATEWAY_SEGMENT_REFRESH_TIMES",
                given,
                "write hours and minutes, as 03:30 or 00:15,12:15",
            )
            for given in ("3", "24:00", "03:30:15", "03:30;15:00")
        ),
        (
            "GATEWAY_CORS_ORIGINS",
            "*",
            (
                "'*' is no origin: write scheme, host and port only, as"
                " https://shop.example; '*' cannot go with cookies"
            ),
        ),
        (
            "GATEWAY_CORS_ORIGINS",
            "https://shop.example/",
            (
                "'https://shop.example/' is no origin: write scheme, host and port"
                " only, as https://shop.example; '*' cannot go with cookies"
            ),
        ),
        (
            "GATEWAY_JWT_JWKS",
            "http://keys.example/jwks",
            "write an https:// URL: keys must not be forged on the way",
        ),
        (
            "GATEWAY_JWT_JWKS",
            "/nowhere/keys.json",
            "no such file: write the path of a JSON Web Key Set",
        ),
        (
            "GATEWAY_TRUSTED_PROXIES",
            "10.0.0.0/8, proxy",
            "'proxy' is no IP address or network: write one, as in 10.0.0.0/8",
        ),
        (
            "GATEWAY_TRUSTED_PROXIES",
            "10.1.2.3/8",
            "'10.1.2.3/8' is no IP address or network: write one, as in 10.0.0.0/8",
        ),
        ("GATEWAY_CONSENT", "yes", "write `required` or `assumed`"),
        (
            "GATEWAY_DATA_DIRECTORY",
            __file__,
            "that is a file: write the path of a folder",
        ),
        *(
            (name, given, remedy)
            for name in ("GATEWAY_DATA_DIRECTORY", "GATEWAY_JWT_JWKS")
            for given, remedy in (
                (
                    "~nobody-at-all/here",
                    "nobody's home is known by that name: write it out",
                ),
                (
                    f"/{'a' * 256}",
                    "it cannot be looked at (File name too long): write another path",
                ),
            )
        ),
        *(
            ("GATEWAY_COUNTRY_HEADER", given, "write its name only, as CF-IPCountry")
            for given in ("CF-IPCountry: DE", "Länder")
        ),
    ],
)
def test_a_bad_value_is_refused_with_what_to_write_instead(
    variable: str, given: str, remedy: str
) -> None:
    assert _refusal(**{variable: given}) == f"{variable} is {given!r}; {remedy}."


@pytest.mark.parametrize(
    ("variable", "given", "remedy"),
    [
        (
            "DATABASE_URL",
            "mysql://root:hunter2@db",
            "write a URL that starts with postgresql://",
        ),
        ("CACHE_URL", "hunter2@cache", "write a URL that starts with redis://"),
        *(
            (
                "DATABASE_URL",
                given,
                (
                    "its port is no number from 0 to 65535; a sign such as '/' in a"
                    " password is written as %2F"
                ),
            )
            for given in (
                "postgresql://shop:hunter2@db:99999/gateway",
                "postgresql://shop:hunter2@db:port/gateway",
                "postgresql://shop:hunter2/3@db/gateway",
            )
        ),
        (
            "GATEWAY_JWT_SECRET",
            "hunter2",
            (
                "it is too short, 7 of at least 32 bytes: write for instance what"
                " `openssl rand -base64 48` prints"
            ),
        ),
        (
            "GATEWAY_JWT_KEYS",
            '{"k": "hunter2"}',
            'write JSON of the form {"keys": [{"kty": ...}]}',
        ),
        (
            "GATEWAY_JWT_KEYS",
            "[" * 100_000,
            'write JSON of the form {"keys": [{"kty": ...}]}',
        ),
    ],
)
def test_a_secret_is_refused_without_being_said(
    variable: str, given: str, remedy: str
) -> None:
    refusal = _refusal(**{variable: given})

    assert refusal == f"{variable} cannot be used as it is set; {remedy}."
    assert "hunter2" not in refusal


@pytest.mark.parametrize(
    "given",
    [
        "postgresql://shop@one.example:5432,two.example:5433/gateway",
        "postgresql:///gateway?host=/run/postgresql",
        "postgresql://shop:a%2Fb%3Ac@[::1]:5432/gateway",
    ],
)
def test_a_url_that_postgresql_understands_is_kept_as_it_is(given: str) -> None:
    assert Settings.from_environment({"DATABASE_URL": given}).database_url == given


def test_secrets_are_not_in_what_settings_print() -> None:
    secret = "hunter2" * 5
    settings = Settings.from_environment(
        {
            "DATABASE_URL": f"postgresql://shop:{secret}@db.example/gateway",
            "CACHE_URL": f"redis://:{secret}@cache.example",
            "GATEWAY_SESSION_SECRET": secret,
            "GATEWAY_JWT_SECRET": secret,
            "GATEWAY_JWT_KEYS": json.dumps({"keys": [{"k": secret}]}),
        }
    )

    assert settings.jwt_secret == secret
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize(
    ("unknown", "meant"),
    [
        ("GATEWAY_JWT_LEWAY", "GATEWAY_JWT_LEEWAY_SECONDS"),
        ("GATEWAY_PROT", "GATEWAY_PORT"),
        ("GATEWAY_SESSION_TTL", "GATEWAY_SESSION_TTL_SECONDS"),
        ("GATEWAY_DATABASE_URL", "DATABASE_URL"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest_that_is_known(
    unknown: str, meant: str
) -> None:
    assert _refusal(**{unknown: "1"}) == (
        f"{unknown} is not a setting; did you mean {meant}?"
    )


def test_all_that_is_wrong_is_said_at_once() -> None:
    refusal = _refusal(GATEWAY_PORT="x", GATEWAY_WORKERS="0", GATEWAY_WROKERS="2")

    assert refusal.splitlines() == [
        "GATEWAY_WROKERS is not a setting; did you mean GATEWAY_WORKERS?",
        "GATEWAY_PORT is 'x'; write a whole number from 0 to 65535.",
        "GATEWAY_WORKERS is '0'; write a whole number from 1 to 64.",
    ]


def test_what_kubernetes_says_of_a_service_called_gateway_is_no_setting() -> None:
    of_kubernetes = {
        "GATEWAY_SERVICE_HOST": "10.0.0.7",
        "GATEWAY_SERVICE_PORT_HTTP": "80",
        "GATEWAY_PORT_80_TCP_ADDR": "10.0.0.7",
    }

    assert Settings.from_environment(of_kubernetes).port == 8000
    assert _refusal(GATEWAY_PORT="tcp://10.0.0.7:80") == (
        "GATEWAY_PORT is 'tcp://10.0.0.7:80'; write a whole number from 0 to 65535;"
        " Kubernetes sets this one for a service called 'gateway':"
        " set 'enableServiceLinks: false' for the pod."
    )


def test_the_table_has_a_row_for_every_setting() -> None:
    rows = environment.table(Settings).splitlines()

    assert len(rows) == 2 + len(vars(Settings()))
    assert (
        "| `GATEWAY_PORT` | `8000` | a whole number from 0 to 65535"
        " | The port to listen on; 0 takes any that is free. |"
    ) in rows
    assert any(row.startswith("| `GATEWAY_JWT_SECRET` | none |") for row in rows)


def test_how_large_a_tree_of_conditions_may_be_is_set() -> None:
    settings = Settings.from_environment(
        {
            "GATEWAY_CONDITION_DEPTH": "3",
            "GATEWAY_CONDITION_NODES": "4",
            "GATEWAY_CONDITION_LIST_VALUES": "2",
        }
    )

    assert opening.tree_limits(settings) == Limits(depth=3, nodes=4, list_values=2)
    assert opening.tree_limits(Settings()) == Limits()
