package server

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// generateView is the form for generating a model.
type generateView struct {
	Size, SizeError string
	Confirmed       bool
	ConfirmError    string
	Rows, Max       int64
}

// generatePage shows the form for generating a model.
func (s *Server) generatePage(r *http.Request) (*page, error) {
	return s.generateForm(r, http.StatusOK, generateView{Size: strconv.Itoa(DefaultSize)})
}

func (s *Server) generateForm(r *http.Request, status int, view generateView) (*page, error) {
	view.Max = MaxSize
	err := s.store.view(r.Context(), func(snap *snapshot) error {
		for _, c := range s.schema.collections {
			n, err := snap.number("SELECT count(*) FROM " + c.name)
			if err != nil {
				return err
			}
			view.Rows += n
		}
		return nil
	})
	return &page{status: status, template: "generate", Title: "Generate a model", Current: "generate", Page: view}, err
}

// generateNow generates the model of the form.
func (s *Server) generateNow(r *http.Request) (*page, error) {
	view := generateView{Size: r.PostForm.Get("size"), Confirmed: r.PostForm.Get("confirm") == "yes"}
	size, err := strconv.Atoi(strings.TrimSpace(view.Size))
	if err != nil || size < 0 || size > MaxSize {
		view.SizeError = fmt.Sprintf("A number from 0 to %s is expected.", formatCount(MaxSize))
	}
	if !view.Confirmed {
		view.ConfirmError = "Confirm that all existing rows may be deleted."
	}
	if view.SizeError != "" || view.ConfirmError != "" {
		return s.generateForm(r, http.StatusUnprocessableEntity, view)
	}
	if err := s.Generate(r.Context(), size); err != nil {
		return nil, err
	}
	return done("/admin/", "generated", int64(size)), nil
}
