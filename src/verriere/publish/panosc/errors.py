"""Errors as LoopBack answers them: ``{"error": {"statusCode": 404, "name": "Error", "message": ..., "code": ...}}``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ApiError(Exception):
    """Something that is answered with an error."""

    status: int
    message: str
    code: str = ""

    @property
    def body(self) -> dict[str, dict[str, object]]:
        """What is sent."""
        said: dict[str, object] = {"statusCode": self.status, "name": "Error", "message": self.message}
        return {"error": said | ({"code": self.code} if self.code else {})}


def unknown(model: str, identifier: str) -> ApiError:
    """There is no such thing, or none that everybody may know of."""
    return ApiError(404, f'Unknown "{model}" id "{identifier[:100]}".', "MODEL_NOT_FOUND")


def invalid(message: str) -> ApiError:
    """A filter that cannot be answered."""
    return ApiError(400, message, "INVALID_FILTER")
