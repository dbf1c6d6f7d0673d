package gallery_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"rawhttp/examples/gallery"
	"rawhttp/httpwire"
)

// all returns every message, by the directory it is in.
func all() map[string][]gallery.Message {
	return map[string][]gallery.Message{"good": gallery.Good, "bad": gallery.Bad,
		"ends": gallery.Ends, "responses": gallery.Responses}
}

// The files and the table are the same: no file without a row, no row without a file, none twice.
func TestFilesAndTableAgree(t *testing.T) {
	for dir, messages := range all() {
		var rows, files []string
		for _, m := range messages {
			rows = append(rows, m.File)
			if m.Why == "" {
				t.Errorf("%s: why?", m.File)
			}
		}
		found, err := os.ReadDir("../" + dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			if f.Name() != "embed.go" {
				files = append(files, dir+"/"+f.Name())
			}
		}
		slices.Sort(rows)
		for _, row := range rows {
			if !slices.Contains(files, row) {
				t.Errorf("%s has a row in the table, and there is no such file", row)
			}
		}
		for _, file := range files {
			if !slices.Contains(rows, file) {
				t.Errorf("%s has no row in the table", file)
			}
		}
		if len(slices.Compact(rows)) != len(messages) {
			t.Errorf("%s: a row is there twice", dir)
		}
	}
}

// A request that ends too early is incomplete, and what is missing is what its row says; one that
// ends too late is complete where its row says.
func TestEnds(t *testing.T) {
	for _, m := range gallery.Ends {
		t.Run(m.File, func(t *testing.T) {
			b := m.Octets()
			spans, err := httpwire.RequestSpans(nil, b)
			if m.Rule == httpwire.RuleSurplus {
				if end := spans[len(spans)-1].End; err != nil || end != m.Offset || end == len(b) {
					t.Errorf("complete after %d of %d octets, %v; want %d", end, len(b), err, m.Offset)
				}
				return
			}
			missing, ok := errors.AsType[*httpwire.IncompleteError](err)
			if !ok || missing.Rule != m.Rule || missing.Offset != m.Offset || m.Offset != len(b) {
				t.Errorf("%v, want %v at %d of %d octets", err, m.Rule, m.Offset, len(b))
			}
		})
	}
}

// Two files with the same octets would show the same thing twice.
func TestMessagesDiffer(t *testing.T) {
	for _, messages := range all() {
		seen := make(map[string]string)
		for _, m := range messages {
			b := string(m.Octets())
			if seen[b+m.Method] != "" {
				t.Errorf("%s is %s once more", m.File, seen[b+m.Method])
			}
			seen[b+m.Method] = m.File
		}
	}
}

// The surveys have a result for each message and each party, and none besides.
func TestSurveyIsComplete(t *testing.T) {
	for _, tt := range []struct {
		file     string
		survey   *gallery.Survey
		parties  []gallery.Party
		messages []gallery.Message
		recorder string
	}{
		{gallery.ServersFile, gallery.ByServers(), gallery.Servers, gallery.Requests(), "TestServers"},
		{gallery.ClientsFile, gallery.ByClients(), gallery.Clients, gallery.Responses, "TestClients"},
	} {
		if len(tt.survey.Names) != len(tt.parties) {
			t.Fatalf("%q: want %d of them", tt.survey.Names, len(tt.parties))
		}
		var missing []string
		for i, name := range tt.survey.Names {
			if !strings.HasPrefix(name, tt.parties[i].Name+" ") {
				t.Errorf("%s where %s should be", name, tt.parties[i].Name)
			}
			for _, m := range tt.messages {
				if tt.survey.Results[name][m.File] == "" {
					missing = append(missing, name+": "+m.File)
				}
			}
		}
		if b, err := os.ReadFile(tt.file); err != nil || missing != nil || tt.survey.String() != string(b) {
			t.Errorf("%s (%v) differs from the table, or lacks the results %q; type\n"+
				"  go test ./examples/survey -run %s -update", tt.file, err, missing, tt.recorder)
		}
	}
}

// The server of this project holds the verdicts of the table.
func TestOwnServerAgrees(t *testing.T) {
	survey := gallery.ByServers()
	own := survey.Names[len(survey.Names)-1]
	for _, m := range gallery.Requests() {
		result := survey.Results[own][m.File]
		isMissing := result == "" // TestSurveyIsComplete says so
		if m.Opinion(result) != gallery.Agrees && !isMissing && m.File != "ends/length-huge.http" {
			t.Errorf("%s makes %s of %s", own, result, m.File)
		}
	}
}

func TestOpinion(t *testing.T) {
	const agrees, differs, unclear = gallery.Agrees, gallery.Differs, gallery.Unclear
	good, bad := gallery.Good[0], gallery.Bad[0]
	short, long := gallery.Ends[0], gallery.Ends[len(gallery.Ends)-1]
	for _, tt := range []struct {
		result                 string
		good, bad, short, long gallery.Opinion
	}{
		{"200", agrees, differs, differs, agrees},
		{"404", agrees, differs, differs, agrees},
		{"400", differs, agrees, unclear, differs},
		{"501", agrees, agrees, unclear, agrees},
		{"200+200", differs, differs, differs, differs},
		{"200+400", differs, differs, differs, differs},
		{gallery.Simple, agrees, unclear, differs, agrees},
		{gallery.Waits, differs, differs, agrees, differs},
		{gallery.Closed, differs, agrees, unclear, differs},
		{gallery.Reset, differs, agrees, unclear, differs},
		{gallery.IllFormed, unclear, unclear, unclear, unclear},
	} {
		got := []gallery.Opinion{good.Opinion(tt.result), bad.Opinion(tt.result),
			short.Opinion(tt.result), long.Opinion(tt.result)}
		if want := []gallery.Opinion{tt.good, tt.bad, tt.short, tt.long}; !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", tt.result, got, want)
		}
	}
	taken, refused := gallery.Responses[0], gallery.Responses[len(gallery.Responses)-1]
	if taken.Opinion("200 5") != agrees || taken.Opinion(gallery.Refuses) != differs ||
		refused.Opinion("200 5") != differs || refused.Opinion(gallery.Refuses) != agrees {
		t.Error("a client is wrong about a response, or its judge is")
	}
}

// The result of a new version of a server replaces that of the old version.
func TestRecordReplaces(t *testing.T) {
	survey := gallery.ByServers()
	n := len(survey.Names)
	survey.Record("nginx 99.9", map[string]string{"good/post.http": "299"})
	survey.Record("caddy 1.2", map[string]string{"good/post.http": "298"})
	if s := survey.Names; len(s) != n+1 || s[0] != "nginx 99.9" || s[n] != "caddy 1.2" {
		t.Errorf("%q", survey.Names)
	}
	text := survey.String()
	if !strings.Contains(text, "\ngood/post.http\t299\t") || !strings.Contains(text, "\t298\n") {
		t.Errorf("not written: %s", text)
	}
}

// The messages are part of the program: they are there in any folder.
func TestOctetsElsewhere(t *testing.T) {
	t.Chdir(t.TempDir())
	if octets := gallery.Good[0].Octets(); !strings.Contains(string(octets), "\r\n") {
		t.Errorf("%s is %q", gallery.Good[0].File, octets)
	}
}
