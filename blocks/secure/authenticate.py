"""Have a customer sign in."""

from __future__ import annotations

from blocks.common import flow_types
from flowlang.block import SERIOUS, SUCCESS, Block, Card, Leave, Move, Outcome, View
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.interchange.connect.values import Seconds as SecondsSpelled
from flowlang.parameters import Parameters, Seconds, Text, parameter


class AuthenticateParams(Parameters):
    pool: Text = parameter(
        title={"en": "User pool", "ko": "사용자 풀"},
        help={
            "en": "The ARN of the Amazon Cognito user pool that knows the customers.",
            "ko": "고객 계정이 있는 Amazon Cognito 사용자 풀의 ARN입니다.",
        },
        position=0,
        min_length=1,
        max_length=500,
    )
    client: Text = parameter(
        title={"en": "App client", "ko": "앱 클라이언트"},
        help={
            "en": "The id of the app client of that pool.",
            "ko": "그 풀의 앱 클라이언트 ID입니다.",
        },
        min_length=1,
        max_length=200,
    )
    profile: Text = parameter(
        title={"en": "Kind of profile", "ko": "프로필 종류"},
        help={
            "en": "The object type under which the customer's profile is kept; empty: the usual.",
            "ko": "고객 프로필을 저장할 객체 유형입니다. 비워 두면 기본 유형입니다.",
        },
        default="",
        max_length=200,
    )
    timeout: Seconds = parameter(
        title={"en": "Time to sign in", "ko": "로그인 제한 시간"},
        help={
            "en": "In whole minutes, such as 5min.",
            "ko": "5min처럼 분 단위로 적습니다.",
        },
        default=300,
        ge=60,
        le=3600,
        multiple_of=60,
    )


class Authenticate(Block[AuthenticateParams]):
    """Shows a customer in a chat a page to sign in on, and goes on when they have. Amazon Connect
    does it with Amazon Cognito; everywhere else the step takes `error`.

    ```flow
    flow example
      channels chat

    start:
      authenticate "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Ab12Cd34E"
        client: "1h57kf5cpq17m0eml12EXAMPLE"
        on declined, timeout, error -> guest
      play "You are signed in."
      -> hang_up

    guest:
      play "We go on without it."
      -> hang_up
    ```
    """

    kind = "authenticate"
    card = Card(
        category="secure",
        icon="lock",
        title={"en": "Have them sign in", "ko": "로그인 요청"},
        summary={
            "en": "Asks a customer in a chat to sign in.",
            "ko": "채팅 고객에게 로그인을 요청합니다.",
        },
        search=("Authenticate customer", "고객 인증", "Cognito", "login", "로그인"),
    )
    Params = AuthenticateParams
    channels = ("chat",)
    waits = "customer"
    flow_types = (flow_types.INBOUND,)
    outcomes = (
        SUCCESS,
        Outcome(name="declined", title={"en": "did not want to", "ko": "거절"}),
        Outcome(name="timeout", title={"en": "not in time", "ko": "시간 초과"}, like="declined"),
        SERIOUS,
    )

    @staticmethod
    def start(params: AuthenticateParams, view: View) -> Move:
        return Leave(outcome="error")

    connect = OneAction(
        action="AuthenticateParticipant",
        params=(
            Param("pool", "CognitoConfiguration.UserPoolArn"),
            Param("client", "CognitoConfiguration.AppClientId"),
            Param("profile", "CustomerProfilesConfiguration.ObjectTypeName"),
            Param("timeout", "TimeLimitMinutes", SecondsSpelled(per_second=1 / 60), always=True),
        ),
        words={"OptedOut": "declined"},
        errors={"TimeLimitExceeded": "timeout", "NoMatchingError": "error"},
    )
