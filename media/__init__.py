"""The media plane: one UDP port that relays encrypted media between admitted participants and stores none of it."""
