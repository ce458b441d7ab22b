"""Every setting of the server, from the environment (``VIDEO_VISIT_…``) and a TOML file; the environment wins.

Nested settings join with two underscores: ``VIDEO_VISIT_CLINICS__MAIN__PHONE``. ``docs/operations.md`` lists them; a test compares.
"""

from __future__ import annotations

import ipaddress
import json
import os
from pathlib import Path
from typing import Annotated, Final, Literal, Self, get_args, get_origin
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, FilePath, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from signaling.clinic_settings import ClinicSettings

__all__ = ["ClinicSettings", "Settings", "SettingsInvalid", "Turn", "load_settings"]

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


def _ip_address(value: str) -> str:
    return str(ipaddress.ip_address(value))


def _turn_url(value: str) -> str:
    if not value.startswith(("turn:", "turns:")):
        raise ValueError("must begin with turn: or turns:")
    return value


Origin = Annotated[str, AfterValidator(_http_origin)]
Port = Annotated[int, Field(ge=0, le=65535)]
ClinicId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]


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
    media_io: Literal["auto", "segmented", "batched", "plain"] = Field(
        "auto", description="How the UDP port reads and writes; `auto` takes the quickest that works on this machine."
    )
    video_codecs: list[Literal["vp8", "h264"]] = Field(
        ["vp8", "h264"],
        min_length=1,
        description="Codecs of pictures, `vp8` and `h264`; the first that all take is used.",
    )
    data_dir: Path = Field(Path("data"), description="Where the database and the keys are kept, for the server alone.")
    clinics: dict[ClinicId, ClinicSettings] = Field(
        default_factory=lambda: {"main": ClinicSettings.model_validate({})}, min_length=1
    )
    turn: Turn = Field(default_factory=lambda: Turn.model_validate({}))
    test_calls: int = Field(
        20,
        ge=0,
        le=1000,
        description="How many test calls there may be at once; each costs as much as a visit's person.",
    )
    staff_session_hours: int = Field(12, ge=1, le=24, description="After how long staff sign in again.")
    idle_sign_off_minutes: int = Field(
        15, ge=1, le=720, description="After how long without a person's doing staff are signed off, outside of visits."
    )
    log_format: Literal["json", "console"] = Field("json", description="How log lines are written.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least level that is logged."
    )

    @model_validator(mode="after")
    def _tls_is_whole(self) -> Self:
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("tls_certificate and tls_key are needed together")
        return self

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
    unknown = sorted(name for name in _variables_set() if _setting(name.removeprefix(ENVIRONMENT_PREFIX)) is None)
    if unknown:
        raise SettingsInvalid("\n".join(f"{name}: there is no such setting" for name in unknown))
    if unread := [name for name in _variables_set() if not _readable(name)]:
        form = 'must be JSON, such as ["first", "second"] or {"en": "text"}'
        raise SettingsInvalid("\n".join(f"{name}: {form}" for name in sorted(unread)))
    source = type("Settings", (Settings,), {"model_config": SettingsConfigDict(toml_file=config)})
    try:
        made: Settings = source(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        raise SettingsInvalid(_told(error)) from None
    except ValueError as error:
        # A TOML syntax error.
        raise SettingsInvalid(f"{config or 'environment'}: {error}") from None
    return made


def _variables_set() -> list[str]:
    return [name for name in os.environ if name.startswith(ENVIRONMENT_PREFIX) and name != CONFIG_VARIABLE]


def _readable(variable: str) -> bool:
    """Whether a variable for a list, a table or a group of settings holds JSON; others may hold any text."""
    annotation = _setting(variable.removeprefix(ENVIRONMENT_PREFIX))
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in {list, dict} or (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
        try:
            json.loads(os.environ[variable])
        except ValueError:
            return False
    return True


def _setting(variable: str) -> object | None:
    """Return what the setting of a variable is, or None where there is none. A group can be given whole, as JSON, too."""
    names = [name.lower() for name in variable.split("__")]
    annotation: object = Settings
    while names:
        annotation = _within(annotation, names.pop(0))
        if annotation is None:
            return None
    return annotation


def _within(annotation: object, name: str) -> object | None:
    """Return what a part of this type's settings is, or None where there is no part of this name."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        field = annotation.model_fields.get(name)
        return None if field is None else field.annotation
    # By clinic, by language, by type of appointment: any name may stand there.
    return get_args(annotation)[1] if get_origin(annotation) is dict and name else None


def _told(error: ValidationError) -> str:
    return "\n".join(
        f"{'.'.join(str(part) for part in fault['loc']) or 'settings'}: {fault['msg'].removeprefix('Value error, ')}"
        for fault in error.errors(include_input=False, include_url=False)
    )
