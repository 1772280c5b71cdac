package pages

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"
)

//go:embed templates
var sources embed.FS

// templates are the pages by name, each with the frame around it.
var templates = parse("problem", "home", "contracts", "contract", "founding", "found", "approvals", "approval", "operators", "sandbox")

func parse(names ...string) map[string]*template.Template {
	frame := template.Must(template.New("frame.html").Funcs(template.FuncMap{"label": label, "plain": plain, "path": url.PathEscape}).
		ParseFS(sources, "templates/frame.html", "templates/parts.html"))
	all := map[string]*template.Template{}
	for _, name := range names {
		all[name] = template.Must(template.Must(frame.Clone()).ParseFS(sources, "templates/"+name+".html"))
	}
	return all
}

// frame is what is around every page.
type frame struct {
	*visit
	Title string
	Body  any
}

// show writes a page.
func (v *visit) show(status int, name, title string, body any) {
	var page bytes.Buffer
	if err := templates[name].Execute(&page, frame{v, title, body}); err != nil {
		if v.Log != nil {
			v.Log.ErrorContext(v.ctx(), "a page cannot be written", "page", name, "problem", err)
		}
		http.Error(v.w, "Something failed here. Load the page again.", http.StatusInternalServerError)
		return
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.WriteHeader(status)
	_, _ = v.w.Write(page.Bytes())
}

// SiteName is the marketplace's.
func (f frame) SiteName() string {
	if f.Site.Name == "" {
		return "Escrow"
	}
	return f.Site.Name
}

// Clock is the contracts' time, as it is shown in a sandbox.
func (f frame) Clock() instantView {
	now := f.Now.Truncate(time.Second)
	return instant(now, now)
}

// Here reports whether the page is at or below a path, for the navigation.
func (f frame) Here(path string) bool {
	own := f.r.URL.Path
	return own == path || path != "/" && strings.HasPrefix(own, path+"/")
}
