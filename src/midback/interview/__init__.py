"""What to ask next, why, and when to stop. Pure: the state of an interview is nothing but the answers given."""

from midback.interview.next_question import Done, Question, next_question, questions_answered

__all__ = ["Done", "Question", "next_question", "questions_answered"]
