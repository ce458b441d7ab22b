"""Browsers in trouble: scripts that run before a page's own, and the name of an app's own view."""

from __future__ import annotations

from typing import Final

__all__ = ["FACEBOOK", "NO_MEDIA", "SILENT", "asks_fail"]

#: What Facebook's app on an iPhone says of itself.
FACEBOOK: Final = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Mobile/15E148 [FBAN/FBIOS;FBAV/470.0.0.36.106;FBDV/iPhone15,2]"
)
#: A microphone that hears nothing.
SILENT: Final = """
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async wanted => {
  const given = await open(wanted);
  return new MediaStream([...given.getVideoTracks(),
    ...new AudioContext().createMediaStreamDestination().stream.getAudioTracks()]);
};
"""
#: No way but through a TURN server, of which there is none.
NO_MEDIA: Final = """
const RealConnection = RTCPeerConnection;
window.RTCPeerConnection = function (configuration) {
  return new RealConnection({...configuration, iceTransportPolicy: 'relay'});
};
"""


def asks_fail(name: str, message: str = "", kinds: str = "audio video") -> str:
    """A browser that answers so when one of these kinds is asked for."""
    return f"""
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async wanted => {{
      if (Object.keys(wanted).some(kind => '{kinds}'.includes(kind))) throw new DOMException('{message}', '{name}');
      return open(wanted);
    }};
    """
