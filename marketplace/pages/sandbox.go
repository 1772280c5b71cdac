package pages

import (
	"net/http"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
)

// sandboxView is the clock and the roles.
type sandboxView struct {
	Roles []roleView
	// Back is where the form leads to when the clock was moved.
	Steps []choiceView
	Moved bool
}

// roleView is somebody who can be played.
type roleView struct {
	Person
	Taken bool
}

// farthest is how far a sandbox's clock is moved at once.
const farthest = 10 * 365 * 24 * time.Hour

// sandbox shows the clock and the roles, to anybody.
func (v *visit) sandbox() error {
	if v.Sandbox == nil {
		return errMissing
	}
	roles, err := v.Sandbox.Roles(v.ctx())
	if err != nil {
		return err
	}
	p := sandboxView{Moved: v.r.FormValue("moved") != "", Steps: []choiceView{{Value: "PT1H", Text: "1 hour"}, {Value: "P1D", Text: "1 day"}, {Value: "P7D", Text: "7 days"}, {Value: "P30D", Text: "30 days"}}}
	for _, role := range roles {
		p.Roles = append(p.Roles, roleView{role, v.Known && role.Actor.ID == v.Person.Actor.ID})
	}
	v.show(http.StatusOK, "sandbox", "Sandbox", p)
	return nil
}

// forward moves a sandbox's clock: by a duration, or to an instant.
func (v *visit) forward() error {
	if v.Sandbox == nil {
		return errMissing
	}
	to, err := time.Parse(time.RFC3339Nano, v.r.PostFormValue("to"))
	if by, wrong := escrow.ParseDuration(v.r.PostFormValue("by")); err != nil && wrong == nil {
		to, err = v.Now.Add(by), nil
	}
	if err != nil || to.Before(v.Now) || to.Sub(v.Now) > farthest {
		return problem{http.StatusBadRequest, "The clock cannot be moved there.", "Move it forward, by at most ten years."}
	}
	if err := v.Sandbox.Forward(v.ctx(), to); err != nil {
		return err
	}
	return v.to(v.back("/sandbox"), nil)
}

// takeRole makes whoever asks a person of the sandbox.
func (v *visit) takeRole() error {
	if v.Sandbox == nil {
		return errMissing
	}
	roles, err := v.Sandbox.Roles(v.ctx())
	if err != nil {
		return err
	}
	for _, role := range roles {
		if role.Actor.ID == v.r.PostFormValue("role") {
			if err := v.Sandbox.Take(v.w, v.r, role); err != nil {
				return err
			}
			return v.to(v.back("/contracts"), nil)
		}
	}
	return problem{http.StatusBadRequest, "There is no such role.", "Take one of those listed."}
}

// back is the page of this site that a form names, as where it was sent from.
func (v *visit) back(otherwise string) string {
	path := v.r.PostFormValue("back")
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n") {
		return otherwise
	}
	return path
}
