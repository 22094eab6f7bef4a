"""What goes over the wire of reports. Null in a figure: withheld (of fewer than 3 clients), or nothing to tell."""

from datetime import date

from pydantic import BaseModel, Field

from service.experts.schema import ShareBody

Count = int | None
Rate = float | None


class Named(BaseModel):
    """A hub; null: consultations of no hub."""

    hub_id: str | None
    name: str | None


class Exposure(BaseModel):
    """Consultations, and whom the shortlists showed and coordinators sent."""

    consultations: Count
    clients: Count
    experts_shown: Count
    sends: Count
    experts_sent: Count


class Outcomes(BaseModel):
    """What came of dispatches."""

    sends: Count
    completed: Count
    resolved: ShareBody | None
    on_time: ShareBody | None
    satisfaction: Rate = Field(description="平均、1 から 5 (the mean, 1 to 5)")


class FollowUp(BaseModel):
    """Dispatches that are over and of which nobody has said whether the case was resolved."""

    due: Count
    late: Count = Field(description="さらに 90 日を過ぎたもの (those that are 90 days later still)")
    known: ShareBody | None = Field(description="終わったうち結果の分かるもの (of those that are over, the known)")


class ExposureOfHub(Exposure, Named):
    """Of one hub."""


class OutcomesOfHub(Outcomes, Named):
    """Of one hub."""


class FollowUpOfHub(FollowUp, Named):
    """Of one hub."""


class RegisterUse(BaseModel):
    """How much of the register is used, by the hubs that the caller sees."""

    active: int
    shown: Count
    sent: Count
    never_sent: Count
    never_sent_share: Rate
    gini: Rate = Field(description="派遣の偏り、0 は均等 (how unevenly they are sent; 0: evenly)")
    top_tenth_share: Rate = Field(description="多い順の 1 割が占める派遣 (sends of the tenth that is sent most)")


class Report(BaseModel):
    """Of a fiscal year."""

    as_of: date
    fiscal_year: int


class ExposureReport(Report):
    """Who is shown and sent."""

    register_use: RegisterUse
    whole: Exposure
    hubs: list[ExposureOfHub]


class OutcomesReport(Report):
    """What came of it."""

    whole: Outcomes
    hubs: list[OutcomesOfHub]


class FollowUpReport(Report):
    """What nobody knows yet."""

    whole: FollowUp
    hubs: list[FollowUpOfHub]
