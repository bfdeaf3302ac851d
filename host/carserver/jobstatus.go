package carserver

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// The states of a job, as clients see them.
const (
	stateRunning  = "INPROGRESS"
	stateComplete = "COMPLETE"
	stateError    = "ERROR"
)

// outcome is the status of one job.
type outcome struct {
	ID         string `json:"id"`
	Status     string `json:"status"`
	Error      string `json:"error,omitempty"`
	Message    string `json:"message,omitempty"` // the same as Error: responses about one job call it message
	StatusCode int    `json:"statusCode,omitempty"`
}

// outcomes reads the status of jobs; unknown ids are missing from the result. If kind is set, only
// jobs of that kind are known.
func (s *Server) outcomes(r *http.Request, ids []string, kind jobKind) (map[string]outcome, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	found := map[string]outcome{}
	err = s.store.view(r.Context(), func(tx *sql.Tx) error {
		rows, err := tx.Query(`SELECT id, finished IS NOT NULL, error, status_code FROM jobs
			WHERE id IN (SELECT value FROM json_each(?1)) AND (?2 = '' OR kind = ?2)`, string(list), string(kind))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var o outcome
			var finished bool
			var message sql.NullString
			var status sql.NullInt64
			if err := rows.Scan(&o.ID, &finished, &message, &status); err != nil {
				return err
			}
			switch {
			case !finished:
				o.Status = stateRunning
			case message.Valid:
				o.Status, o.Error, o.Message, o.StatusCode = stateError, message.String, message.String, int(status.Int64)
			default:
				o.Status = stateComplete
			}
			found[o.ID] = o
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("read jobs: %w", err)
	}
	return found, nil
}

func (s *Server) jobStatus(r *http.Request) (int, any, error)    { return s.statusOfOne(r, "") }
func (s *Server) importStatus(r *http.Request) (int, any, error) { return s.statusOfOne(r, jobImport) }
func (s *Server) jobStatuses(r *http.Request) (int, any, error)  { return s.statusOfMany(r, "") }
func (s *Server) importStatuses(r *http.Request) (int, any, error) {
	return s.statusOfMany(r, jobImport)
}

func (s *Server) statusOfOne(r *http.Request, kind jobKind) (int, any, error) {
	id := r.PathValue("id")
	found, err := s.outcomes(r, []string{id}, kind)
	if err != nil {
		return 0, nil, err
	}
	o, ok := found[id]
	if !ok {
		return 0, nil, notFound("there is no job %q", id)
	}
	return http.StatusOK, o, nil
}

// statusOfMany returns the status of a list of jobs. Clients take an id that is neither incomplete
// nor an error for done, so an unknown id is listed as an error besides being listed as not found.
func (s *Server) statusOfMany(r *http.Request, kind jobKind) (int, any, error) {
	ids := idList(r.URL.Query().Get("ids"))
	if len(ids) == 0 {
		return 0, nil, badRequest("the query needs ids=, job ids with commas between")
	}
	found, err := s.outcomes(r, ids, kind)
	if err != nil {
		return 0, nil, err
	}
	complete, running, failed, unknown := []outcome{}, []outcome{}, []outcome{}, []outcome{}
	for _, id := range ids {
		o, ok := found[id]
		switch {
		case !ok:
			o = outcome{ID: id, Status: stateError, Error: "there is no such job", StatusCode: http.StatusNotFound}
			unknown, failed = append(unknown, o), append(failed, o)
		case o.Status == stateComplete:
			complete = append(complete, o)
		case o.Status == stateRunning:
			running = append(running, o)
		default:
			failed = append(failed, o)
		}
	}
	return http.StatusOK, map[string]any{
		"success": len(failed) == 0, "complete_imports": complete, "incomplete_imports": running,
		"error_imports": failed, "notfound_imports": unknown,
	}, nil
}

// idList splits a list at commas and drops empty entries and duplicates.
func idList(list string) []string {
	var ids []string
	seen := map[string]bool{"": true}
	for id := range strings.SplitSeq(list, ",") {
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids
}
