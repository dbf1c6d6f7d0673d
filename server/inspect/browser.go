package inspect

import (
	"rawhttp/httpwire"
	"rawhttp/server/rest"
)

// Browser is the table of what browsers ask for on their own: the icon of a site. There is none,
// and saying so without a 404 keeps the log for what people did.
func Browser() []rest.Route {
	return []rest.Route{
		{Method: "GET", Path: "/favicon.ico", Rel: "icon", Hidden: true,
			Summary: "the icon, of which there is none",
			Answers: []rest.Answer{{Code: 204, Summary: "there is no icon"}},
			Handle: func(_ int64, _ *httpwire.Request, resp *httpwire.Response) {
				resp.Code = 204
				resp.Fields = resp.Fields.Add([]byte("Cache-Control"), []byte("max-age=86400"))
			}},
	}
}
