"""Every setting of the server, from the environment (``VIDEO_VISIT_…``) and a TOML file; the environment wins.

Nested settings join with two underscores: ``VIDEO_VISIT_CLINIC__PHONE``. ``docs/operations.md`` lists them, and a test compares.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, FilePath, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from waiting_room.booking import Rules

__all__ = ["Clinic", "Settings", "SettingsInvalid", "Turn", "load_settings"]

ENVIRONMENT_PREFIX: Final = "VIDEO_VISIT_"
CONFIG_VARIABLE: Final = "VIDEO_VISIT_CONFIG"


class SettingsInvalid(Exception):
    """A setting is wrong; the text names each one, says why, and never shows a secret."""


def _http_origin(value: str) -> str:
    """Return the origin as browsers write it: lower case, no default port, no user."""
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise ValueError("must be http(s)://host or http(s)://host:port") from None
    extra = parts.path not in {"", "/"} or parts.query or parts.fragment or parts.username is not None
    if parts.scheme not in {"http", "https"} or not parts.hostname or extra:
        raise ValueError("must be http(s)://host or http(s)://host:port")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    default = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in {None, default} else "")


def _time_zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("must be a name of the tz database, such as America/New_York")
    return value


def _ip_address(value: str) -> str:
    return str(ipaddress.ip_address(value))


def _turn_url(value: str) -> str:
    if not value.startswith(("turn:", "turns:")):
        raise ValueError("must begin with turn: or turns:")
    return value


Origin = Annotated[str, AfterValidator(_http_origin)]
Port = Annotated[int, Field(ge=0, le=65535)]


class Clinic(BaseModel):
    """What patients and staff read about the clinic."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(
        "Sample Clinic", min_length=1, max_length=80, description="The clinic's name, in every page's header."
    )
    phone: str = Field("555-0100", min_length=3, max_length=40, description="The phone number on every patient screen.")
    time_zone: Annotated[str, AfterValidator(_time_zone)] = Field(
        "UTC", description="Zone of the times on screens and of `--start`."
    )


class Turn(BaseModel):
    """TURN servers for those whose network blocks UDP. Both or neither."""

    model_config = ConfigDict(extra="forbid")

    urls: list[Annotated[str, AfterValidator(_turn_url)]] = Field([], description="TURN URLs given to browsers.")
    secret: SecretStr | None = Field(None, description="The secret shared with coturn (`static-auth-secret`).")

    @model_validator(mode="after")
    def _both_or_neither(self) -> Self:
        if bool(self.urls) != bool(self.secret):
            raise ValueError("urls and secret are needed together")
        return self


class Settings(BaseSettings):
    """The server's settings, validated. Make them with `load_settings`."""

    model_config = SettingsConfigDict(env_prefix=ENVIRONMENT_PREFIX, env_nested_delimiter="__", extra="forbid")

    host: str = Field("127.0.0.1", description="Address the HTTP port binds to.")
    port: Port = Field(8080, description="HTTP port; 0 takes a free one.")
    base_url: Origin = Field("http://localhost:8080", description="How browsers reach the server; links begin with it.")
    extra_origins: list[Origin] = Field([], description="Further origins whose pages may open a socket.")
    tls_certificate: FilePath | None = Field(None, description="PEM certificate chain, where no proxy ends TLS.")
    tls_key: FilePath | None = Field(None, description="PEM private key of that certificate.")
    trusted_proxies: list[Annotated[str, AfterValidator(_ip_address)]] = Field(
        [], description="Addresses of proxies whose X-Forwarded-For is believed."
    )
    frame_ancestors: list[Origin] = Field([], description="Origins, such as a portal, that may frame the pages.")
    media_host: Annotated[str, AfterValidator(_ip_address)] = Field(
        "0.0.0.0", description="Address the UDP port binds to."
    )
    media_port: Port = Field(40000, description="The one UDP port of all media; 0 takes a free one.")
    announced: list[Annotated[str, AfterValidator(_ip_address)]] = Field(
        ["127.0.0.1"], min_length=1, description="Addresses at which browsers reach the UDP port."
    )
    data_dir: Path = Field(Path("data"), description="Where the database and the keys are kept, for the server alone.")
    clinic: Clinic = Field(default_factory=lambda: Clinic.model_validate({}))
    turn: Turn = Field(default_factory=lambda: Turn.model_validate({}))
    join_window_minutes: int = Field(30, ge=0, le=1440, description="How long before the start the waiting room opens.")
    link_lives_minutes: int = Field(60, ge=0, le=1440, description="How long after the booked end a link still opens.")
    grace_minutes: int = Field(10, ge=1, le=120, description="How long one whose connection is lost keeps the place.")
    staff_session_hours: int = Field(12, ge=1, le=24, description="After how long staff sign in again.")
    log_format: Literal["json", "console"] = Field("json", description="How log lines are written.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least level that is logged."
    )

    @model_validator(mode="after")
    def _tls_is_whole(self) -> Self:
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("tls_certificate and tls_key are needed together")
        return self

    @property
    def rules(self) -> Rules:
        """The clinic's booking rules."""
        return Rules(
            join_window=timedelta(minutes=self.join_window_minutes),
            link_lives=timedelta(minutes=self.link_lives_minutes),
            grace=timedelta(minutes=self.grace_minutes),
        )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Command line, then environment, then the TOML file."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(config: Path | None = None, **given: object) -> Settings:
    """Read the settings; ``given`` (from the command line) wins. Raises `SettingsInvalid` naming each wrong one."""
    if config is not None and not config.is_file():
        raise SettingsInvalid(f"config: there is no file {config}")
    unknown = sorted(set(_variables_set()) - set(_variables(Settings)))
    if unknown:
        raise SettingsInvalid("\n".join(f"{name}: there is no such setting" for name in unknown))
    source = type("Settings", (Settings,), {"model_config": SettingsConfigDict(toml_file=config)})
    try:
        made: Settings = source(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        raise SettingsInvalid(_told(error)) from None
    except ValueError as error:
        # A TOML syntax error, or an environment value that should have been JSON.
        raise SettingsInvalid(f"{config or 'environment'}: {error}") from None
    return made


def _variables_set() -> list[str]:
    return [name for name in os.environ if name.startswith(ENVIRONMENT_PREFIX) and name != CONFIG_VARIABLE]


def _variables(model: type[BaseModel], prefix: str = ENVIRONMENT_PREFIX) -> Iterator[str]:
    """Name the environment variables of a model's settings; a group of settings can be given whole, as JSON, too."""
    for name, field in model.model_fields.items():
        variable = prefix + name.upper()
        yield variable
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _variables(field.annotation, variable + "__")


def _told(error: ValidationError) -> str:
    return "\n".join(
        f"{'.'.join(str(part) for part in fault['loc']) or 'settings'}: {fault['msg'].removeprefix('Value error, ')}"
        for fault in error.errors(include_input=False, include_url=False)
    )
