"""Words that stand on a form and are no answers: printed in one place, known again in another."""

ABSENT = "{group}：未报送，应报{count}项"  # in place of a form that did not come back
UNREPORTED = "未报"  # in place of the progress of an indicator that a form leaves out
DEADLINE = "请于{{ form.due_dates }}前报{{ form.return_to }}"  # under the title
REFERENCE = "附：{{ form.before }}填报情况（供参考，不用填）"  # above what was reported before
