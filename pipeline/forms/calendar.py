"""The days on which forms are due, as a calendar (iCalendar, RFC 5545) for Outlook, WPS, phones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from icalendar import Alarm, Calendar, Event

from pipeline.tables.settings import Period, Settings

_REMINDERS = (timedelta(days=-7), timedelta(days=-1))


def ical(edition: str, settings: Settings) -> bytes:
    """The calendar of an edition; the same settings give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//jixiao//附件4//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{settings.year}年度绩效附件4")
    for period in settings.periods:
        calendar.add_component(_event(edition, settings, period))
    return bytes(calendar.to_ical())


def _event(edition: str, settings: Settings, period: Period) -> Event:
    """The day as a whole; a day before and a week before, the calendar reminds of it."""
    event = Event()
    name = f"{edition}/{period.name}/{settings.district}{settings.bureau}"
    summary = f"交{settings.year}年度附件4（{period.name}）"
    event.add("uid", f"{sha256(name.encode()).hexdigest()[:32]}@jixiao")
    event.add("dtstamp", datetime(settings.year, 1, 1, tzinfo=UTC))  # no clock: same bytes
    event.add("dtstart", period.due)
    event.add("dtend", period.due + timedelta(days=1))
    event.add("summary", summary)
    event.add("description", f"各组队在这一天以前把附件4报送至{settings.form.return_to}。")
    event.add("transp", "TRANSPARENT")
    for before in _REMINDERS:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", f"{-before.days} 天以后截止：{summary}")
        alarm.add("trigger", before)
        event.add_component(alarm)
    return event
