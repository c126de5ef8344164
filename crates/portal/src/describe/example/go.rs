//! Go with its standard library.

use super::literal::double;
use super::{Ask, File, Handler, KEEP_TOKEN, KEEP_URL, readme};

const MODULE: &str = "module example\n\ngo 1.21\n";

pub fn call(ask: &Ask) -> Vec<File> {
    let add =
        |(name, value): &(String, String)| format!("\tparams.Add({}, {})\n", double(name), double(value));
    let rows: String = ask.rows.iter().map(add).collect();
    let (webhook, method) = (double(&ask.webhook), &ask.method);
    let text = format!(
        "// Calls {method} and prints what the portal answers.\n\
         package main\n\n\
         import (\n\t\"fmt\"\n\t\"io\"\n\t\"log\"\n\t\"net/http\"\n\t\"net/url\"\n)\n\n\
         // Whoever has this URL acts in its owner's name: keep it secret.\n\
         const webhook = {webhook}\n\n\
         func main() {{\n\
         \tparams := url.Values{{}}\n{rows}\n\
         \tresponse, err := http.PostForm(webhook+{}, params)\n\
         \tif err != nil {{\n\t\tlog.Fatal(\"the portal cannot be reached\")\n\t}}\n\
         \tdefer response.Body.Close()\n\
         \tbody, err := io.ReadAll(response.Body)\n\
         \tif err != nil {{\n\t\tlog.Fatal(err)\n\t}}\n\
         \tif response.StatusCode != http.StatusOK {{\n\t\tlog.Fatalf(\"%s: %s\", response.Status, body)\n\t}}\n\
         \tfmt.Println(string(body))\n\
         }}\n",
        double(&format!("{method}.json"))
    );
    let about = readme(
        &format!("{method} in Go"),
        KEEP_URL,
        "go run .",
        &["Go 1.21 or newer is needed, and nothing else."],
    );
    vec![File { name: "main.go", text }, File { name: "go.mod", text: MODULE.to_owned() }, about]
}

pub fn handler(handler: &Handler) -> Vec<File> {
    let token = double(&handler.token);
    let cases = handler.cases(|event| format!("\tcase \"{event}\":\n\t\tlog.Println(\"{event}\", id)\n"));
    let text = format!(
        "// Takes events of a portal.\n\
         package main\n\n\
         import (\n\t\"crypto/subtle\"\n\t\"log\"\n\t\"net/http\"\n\t\"os\"\n)\n\n\
         // By this token you know that an event comes from your portal: keep it secret.\n\
         const applicationToken = {token}\n\n\
         const mostBytes = 1 << 20\n\n\
         func handle(response http.ResponseWriter, request *http.Request) {{\n\
         \trequest.Body = http.MaxBytesReader(response, request.Body, mostBytes)\n\
         \tgiven := request.PostFormValue(\"auth[application_token]\")\n\
         \tif subtle.ConstantTimeCompare([]byte(given), []byte(applicationToken)) != 1 {{\n\
         \t\tresponse.WriteHeader(http.StatusForbidden)\n\t\treturn\n\t}}\n\
         \t// What it happened to, for most events.\n\
         \tid := request.PostFormValue(\"data[FIELDS][ID]\")\n\
         \tswitch request.PostFormValue(\"event\") {{\n{cases}\
         \tdefault:\n\t\tlog.Println(\"an event that nobody waits for\", id)\n\t}}\n\
         \t// Answer within seconds; do what takes longer afterwards. Any status but 2xx means: send it again later.\n\
         }}\n\n\
         func main() {{\n\
         \tport := os.Getenv(\"PORT\")\n\
         \tif port == \"\" {{\n\t\tport = \"3000\"\n\t}}\n\
         \tlog.Println(\"Listening on\", port)\n\
         \tlog.Fatal(http.ListenAndServe(\":\"+port, http.HandlerFunc(handle)))\n\
         }}\n"
    );
    let notes = [
        "Go 1.21 or newer is needed, and nothing else. Let your portal reach it, and put its address into the outbound webhook.",
    ];
    let about = readme("A handler in Go", KEEP_TOKEN, "PORT=3000 go run .", &notes);
    vec![File { name: "main.go", text }, File { name: "go.mod", text: MODULE.to_owned() }, about]
}
