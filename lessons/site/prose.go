package site

import (
	"fmt"
	"html/template"
	"strings"

	"ptwalk/lessons/stage/event"
	"ptwalk/lessons/stage/render"
)

// htmlOf is what the run says, as HTML, and the questions that it asks.
func htmlOf(events []event.Event) (html []template.HTML, asked []Question) {
	for _, e := range events {
		switch e := e.(type) {
		case *event.Section: // where a section makes no call
			html = append(html, template.HTML(fmt.Sprintf("<h3>%d. %s</h3>", e.Number, inline(e.Title))))
		case *event.Say:
			html = append(html, paragraphs(e.Text))
		case *event.Note:
			html = append(html, `<p class="note">`+inline(e.Text(event.Measured{}))+"</p>")
		case *event.ProgramCount:
			html = append(html, template.HTML(fmt.Sprintf("<p class=\"note\"><code>%s</code>: %s instructions, %s stops.</p>",
				escape(strings.Join(e.Program, " ")), grouped(int(e.Instructions)), grouped(int(e.Stops)))))
		case *event.Table:
			html = append(html, tableOf(e))
		case *event.Predict:
			q := Question{Question: e.Question, Right: e.Right, at: shortAt(e.At)}
			for _, a := range e.Answers {
				q.Answers = append(q.Answers, QuestionWhy{a.Text, strings.Join(strings.Fields(a.Why), " ")})
			}
			asked = append(asked, q)
		}
	}
	return html, asked
}

// paragraphs is prose as HTML. A paragraph that is indented by four spaces is a
// listing.
func paragraphs(text string) template.HTML {
	var out strings.Builder
	for _, para := range strings.Split(text, "\n\n") {
		if strings.HasPrefix(para, "    ") {
			lines := strings.Split(para, "\n")
			for i := range lines {
				lines[i] = strings.TrimPrefix(lines[i], "    ")
			}
			out.WriteString(`<pre class="listing">` + escape(strings.Join(lines, "\n")) + "</pre>")
			continue
		}
		out.WriteString("<p>" + string(inline(para)) + "</p>")
	}
	return template.HTML(out.String())
}

// inline is a line of prose with its `code` and *emphasis*.
func inline(text string) template.HTML {
	var out strings.Builder
	for _, span := range render.Spans(text) {
		part := escape(span.Text)
		if span.Code {
			part = "<code>" + part + "</code>"
		}
		if span.Emphasis {
			part = "<em>" + part + "</em>"
		}
		out.WriteString(part)
	}
	return template.HTML(out.String())
}

func escape(s string) string { return template.HTMLEscapeString(s) }
