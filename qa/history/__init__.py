"""Chats on disk: turns, exports, erasure."""
