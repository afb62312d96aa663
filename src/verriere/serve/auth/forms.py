"""What a form must carry before anything is done with it."""

from typing import Annotated

from fastapi import Depends, Form, Request

from verriere.serve.auth import csrf
from verriere.serve.desk import AtDesk, Calling
from verriere.serve.problems import FormRefused


def ours(desk: AtDesk, caller: Calling, request: Request, form_token: Annotated[str, Form()] = "") -> None:
    """Refuse a form that no page of ours sent.

    Raises
    ------
    FormRefused
        The token is not the one of this session, or the browser says that another site sent the form.
    """
    secret = caller.secret or request.cookies.get(desk.form_cookie.name)
    if not csrf.is_ours(secret, form_token, request.headers):
        raise FormRefused("the form's token is not the session's")


Ours = Depends(ours)
