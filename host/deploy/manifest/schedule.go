package manifest

import (
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"carjs/host/failure"
	"carjs/host/lazyregexp"
)

// cronField is one field of a schedule.
type cronField struct {
	name, rule string
	option     cron.ParseOption
}

var cronFields = []cronField{
	{"minute", "0 to 59", cron.Minute},
	{"hour", "0 to 23", cron.Hour},
	{"day of the month", "1 to 31", cron.Dom},
	{"month", "1 to 12, or JAN to DEC", cron.Month},
	{"day of the week", "0 to 6 from Sunday on, or SUN to SAT", cron.Dow},
}

// templatePattern fits fields that stand for a value: mm, HH, {minute}, <hour>, $M, %M.
var templatePattern = lazyregexp.New(`^([{<$%\[].*|mm|MM|hh|HH|dd|DD|m|h|H|M)$`)

const scheduleHint = "write five fields: minute, hour, day of the month, month, day of the week, such as 30 2 * * *"

// CheckSchedule tells whether a CronJob takes a schedule: five fields, or a name such as @daily.
// The options that config.json offers to pages, such as mm HH * * *, are none. Errors are
// [*failure.Failure]s.
func CheckSchedule(schedule string) error {
	refuse := func(format string, args ...any) error {
		return failure.Usage(format, args...).WithHint(scheduleHint)
	}
	fields := strings.Fields(schedule)
	switch {
	case len(fields) == 0:
		return refuse("no schedule given, and config.json has none")
	case strings.Contains(schedule, "TZ"):
		return failure.Usage("the schedule %q has a time zone", shown(schedule)).WithHint("set time-zone instead")
	case strings.HasPrefix(fields[0], "@"):
		if _, err := cron.ParseStandard(schedule); err != nil {
			return refuse("unknown schedule %q: use @hourly, @daily, @weekly, @monthly and @yearly", shown(schedule))
		}
		return nil
	}
	for _, field := range fields {
		if templatePattern().MatchString(field) {
			return failure.Usage("the schedule %q is a template: %s is filled in on a settings page, and Kubernetes rejects it",
				shown(schedule), field).
				WithHint("set the time in its place, such as 30 2 * * *")
		}
	}
	if len(fields) != len(cronFields) {
		return refuse("the schedule %q must have five fields, not %d", shown(schedule), len(fields))
	}
	for i, field := range cronFields {
		if _, err := cron.NewParser(field.option).Parse(fields[i]); err != nil {
			return refuse("the schedule %q has the %s %q, which must be %s", shown(schedule), field.name, shown(fields[i]), field.rule)
		}
	}
	parsed, err := cron.ParseStandard(schedule)
	if err != nil {
		return refuse("the schedule %q is invalid: %v", shown(schedule), err)
	}
	if parsed.Next(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return refuse("the schedule %q names a day that does not exist", shown(schedule))
	}
	return nil
}

var zonePattern = lazyregexp.New(`^[A-Za-z0-9_][A-Za-z0-9_+-]{0,13}(/[A-Za-z0-9_][A-Za-z0-9_+-]*)*$`)

// CheckTimeZone tells whether a CronJob takes a time zone. Whether a zone exists is only known on a
// machine that has zones.
func CheckTimeZone(zone string) error {
	_, err := time.LoadLocation(zone)
	_, none := time.LoadLocation("Europe/Berlin")
	if zonePattern().MatchString(zone) && !strings.EqualFold(zone, "local") && (err == nil || none != nil) {
		return nil
	}
	return failure.Usage("unknown time zone %q", shown(zone)).WithHint("name one of the IANA database, such as Europe/Berlin or Etc/UTC")
}
