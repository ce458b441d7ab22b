"""The server: HTTP, Socket.IO, tokens, configuration and the command line. The only place where the other packages meet."""
