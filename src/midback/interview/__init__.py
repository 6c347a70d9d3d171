"""What to ask next, why, and when to stop. Pure: the state of an interview is nothing but the answers given."""

from midback.interview.next_question import Done, Question, next_question, questions_answered
from midback.interview.useful import Outcome, Useful, useful_next

__all__ = ["Done", "Outcome", "Question", "Useful", "next_question", "questions_answered", "useful_next"]
