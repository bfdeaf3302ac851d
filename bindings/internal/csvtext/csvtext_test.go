package csvtext

import (
	"strings"
	"testing"
)

func TestSentence(t *testing.T) {
	for _, text := range []string{
		"Rate limit exceeded", "Rate limit exceeded. Try again later.", "Export job failed: timeout", "An error occurred.",
		"Service Unavailable", "503 Service Unavailable", "Unauthorized", "Forbidden.", "Internal Server Error", "404 - Not Found",
		"[]", "[1]", "{}", "<error>expired</error>", "Your session has expired", "Error: token is missing", "No data available",
		"The report is being generated, please try again later.", "Sorry, something went wrong!", "Access to this export was denied",
		"Export in progress (40%)", "Could not connect to database", "ERROR 1045 (28000): Access denied for user", "Loading the report…", "null", "PK\x05\x06\x00\x00", " ", "\t",
	} {
		if !Sentence(strings.Split(text, ","), false) {
			t.Errorf("%q passes as a header", text)
		}
	}
	for _, text := range []string{
		"id", "Host Name", "Is it active?", "Is the asset active?", "Serial No.", "Name, Address, Serial No.", "id,name", "Last Seen Date",
		"Date of purchase", "Name of the host", "a:b", "Time (UTC)", "error", "Error Code", "Failed Logins", "status", "name, error, failed",
		"No.", "Asset ID (internal)", "Owner: Name", "First name, Last name, E-mail", "<id>", "Number of failed,logins of the day.", "",
	} {
		if Sentence(strings.Split(text, ","), false) {
			t.Errorf("the header %q is refused", text)
		}
	}
}
