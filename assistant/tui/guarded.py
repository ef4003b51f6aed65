"""Keeps an error in one part of the application from ending it."""

from __future__ import annotations

from textual.message import Message
from textual.message_pump import MessagePump


class Guarded(MessagePump):
    """A part that goes on after an error in one of its handlers; the error is shown.

    Textual would end the part's message loop, and the application with it.
    """

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)
        except Exception as error:  # noqa: BLE001 - whatever it is, the user's report is still on the screen
            self.app._handle_exception(error)  # pyright: ignore[reportPrivateUsage] - where workers' errors arrive too
