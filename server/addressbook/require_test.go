package addressbook

import "testing"

// 9110-13.1.3-a: a precondition that cannot be evaluated has no effect and is never an error.
func TestConditions(t *testing.T) {
	const since, past = "If-Modified-Since: ", "Sun, 06 Nov 1994 08:49:37 GMT"
	tests := []struct {
		name, request string
		code          int
	}{
		{"no date", bare("GET", base, since+"banana"), 200},
		{"empty", bare("GET", base, since), 200},
		{"in the future", bare("GET", base, since+"Sun, 06 Nov 2994 08:49:37 GMT"), 200},
		{"two dates", bare("GET", base, since+past+", "+past), 200},
		{"two fields", bare("GET", base, since+past, since+past), 200},
		{"beside If-None-Match", bare("GET", base, `If-None-Match: "other"`, since+past), 200},
		{"older than everything", bare("GET", base+"/1", since+past), 200},
		{"nothing there", bare("GET", base+"/999", since+past), 404},
		{"no such page", bare("GET", "/nope", since+past), 404},
		{"not allowed", bare("DELETE", "/", since+past), 405},
		{"OPTIONS", bare("OPTIONS", base, since+past), 200},
		{"POST", post(valid, "Content-Type: application/json", since+past), 201},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if resp := send(t, newBook(t), tt.request); resp.Code != tt.code {
				t.Errorf("code %d, want %d; %s", resp.Code, tt.code, resp.Body)
			}
		})
	}
}
