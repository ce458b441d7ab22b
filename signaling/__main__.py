"""``python -m signaling``: the command line without the installed script."""

from signaling.cli import main

main(prog_name="video-visit")
