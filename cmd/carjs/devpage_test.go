package main

import (
	"context"
	"fmt"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"carjs/host/author/dev"
)

// browser is a headless Chromium.
func browser(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "headless-shell"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("there is no Chromium on this machine")
	}
	// A sandbox needs rights that a container may not have; what is opened here is our own.
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox)
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	// The first action starts the browser, which then lives as long as the context.
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// until waits for a condition of the page that is open, whichever page that is by then.
func until(condition string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		for {
			if holds, err := chromedp.Evaluate[bool](condition)(ctx, target); err == nil && holds {
				return nil
			}
			select {
			case <-ctx.Done():
				return fmt.Errorf("wait for %s: %w", condition, ctx.Err())
			case <-time.After(20 * time.Millisecond):
			}
		}
	})
}

func step(t *testing.T, ctx context.Context, what string, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	bounded, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	if err := chromedp.Do(bounded, actions...); err != nil {
		page, _ := chromedp.Run(ctx, chromedp.Text("body")) // whatever it shows helps
		t.Fatalf("%s: %v\n%s", what, err, page)
	}
}

const shows = `document.body.innerText.replace(/\s+/g, " ").includes`

func TestDevPage(t *testing.T) {
	ctx := browser(t)
	a := newAuthor(t)
	l := a.loop()
	url := l.next(dev.Started).Start.Page
	l.end(dev.Good)

	step(t, ctx, "open the page", chromedp.Navigate(url), until(`document.querySelector("#status").innerText === "run 1: good"`),
		until(shows+`("application_vulnerability +60")`))

	a.edit("src/dataHandler.ts", siteName, `name: row.name + "<b>!", address: row.address`)
	step(t, ctx, "see a change without reloading", until(`document.querySelector("#status").innerText === "run 2: good"`),
		until(shows+`('"site 0" → "site 0<b>!"')`))

	a.edit("src/dataHandler.ts", `row.name + "<b>!"`, "row.nowhere.name")
	step(t, ctx, "see a failure", until(`document.querySelector("#status").innerText === "run 3: failed"`),
		until(shows+`("`+siteAt(t)+`")`),
		until(fmt.Sprintf(`document.querySelector("pre.fault").innerText.includes("> %d |")`, siteLine(t))))

	step(t, ctx, "look at an answer", chromedp.Navigate(url+"runs/2"),
		chromedp.Click(`//section[@id="requests"]//a[contains(text(), "/sites")]`),
		until(`document.querySelector("#answer").innerText.includes('"name": "site 0"')`))

	step(t, ctx, "filter the graph", chromedp.Click(`//nav/a[text()="Graph"]`), until(shows+`("1 to 100 of 253")`),
		chromedp.SetValue(`select[name="collection"]`, "site"), chromedp.SendKeys(`input[name="q"]`, "SITE 1"), chromedp.Click(".filter button"),
		until(shows+`("1 to 1 of 1")`), until(`document.querySelector("#objects").innerText.includes("site 1<b>!")`))

	step(t, ctx, "run by a button", chromedp.Click(`//button[text()="incremental"]`),
		until(`document.querySelector("#status").innerText.startsWith("run 4:")`))
	l.end(dev.Good)   // run 2
	l.end(dev.Failed) // run 3
	if e := l.next(dev.RunBegins); e.Begin.Mode != "incremental" || e.Begin.Cause != dev.CauseCommand {
		t.Errorf("begin %+v", e.Begin)
	}
}
