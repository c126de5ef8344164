"""A Bitrix24 portal of one's own in every test."""

from .events import Event, Events
from .operator import OperatorError
from .portal import CallError, Clock, Faults, Portal, StartError, start

__all__ = ["CallError", "Clock", "Event", "Events", "Faults", "OperatorError", "Portal", "StartError", "start"]
