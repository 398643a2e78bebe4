/** The texts' Markdown as HTML: headings, paragraphs, lists, tables, code, emphasis, links. Nothing else is used in them. */

/** HTML whose every text is escaped. Headings begin at h2: the page has the h1. */
export function toHtml(markdown: string): string {
  return blocksOf(markdown.replace(/<!--.*?-->\n?/gs, ""))
    .map(toBlock)
    .join("\n");
}

type Block = { readonly code: string } | { readonly text: string };

/** Code between fences, and what stands between blank lines. */
function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  let lines: string[] = [];
  let isCode = false;
  const close = () => {
    const text = lines.join("\n");
    if (isCode) blocks.push({ code: text });
    else if (text !== "") blocks.push({ text });
    lines = [];
  };
  for (const line of markdown.split("\n")) {
    if (line.startsWith("```")) {
      close();
      isCode = !isCode;
    } else if (line === "" && !isCode) {
      close();
    } else {
      lines.push(line);
    }
  }
  close();
  return blocks;
}

function toBlock(block: Block): string {
  if ("code" in block) return `<pre tabindex="0">${escaped(block.code)}</pre>`;
  const { text } = block;
  const heading = /^(#{1,4}) (.*)$/.exec(text);
  if (heading !== null) {
    const level = (heading[1]?.length ?? 1) + 1;
    return `<h${level}>${inline(heading[2] ?? "")}</h${level}>`;
  }
  if (/^- /.test(text)) return list(text);
  if (/^\|/.test(text)) return table(text);
  // What is laid out by hand stays so: tasks are shown in a terminal too.
  if (/^ {2,}\S/m.test(text)) return `<p class="laid-out">${inline(text)}</p>`;
  return `<p>${inline(text)}</p>`;
}

function list(text: string): string {
  const items = text.split(/^- /m).filter((item) => item !== "");
  return `<ul>${items.map((item) => `<li>${inline(item.trim())}</li>`).join("")}</ul>`;
}

function table(text: string): string {
  const [head = "", , ...rows] = text.split("\n");
  const cells = (row: string, tag: string) =>
    row
      .replace(/^\||\|$/g, "")
      .split("|")
      .map((cell) => `<${tag}>${inline(cell.trim())}</${tag}>`)
      .join("");
  const body = rows.map((row) => `<tr>${cells(row, "td")}</tr>`).join("");
  return `<table><thead><tr>${cells(head, 'th scope="col"').replaceAll('</th scope="col">', "</th>")}</tr></thead><tbody>${body}</tbody></table>`;
}

function inline(text: string): string {
  return text
    .split(/(`[^`]+`)/)
    .map((part) =>
      part.startsWith("`") && part.length > 2 ? `<code>${escaped(part.slice(1, -1))}</code>` : styled(part),
    )
    .join("");
}

const styled = (text: string) =>
  escaped(text)
    .replace(/\*\*([^*]+)\*\*/g, "<strong>$1</strong>")
    .replace(/\*([^*\s][^*]*)\*/g, "<em>$1</em>")
    .replace(/\[([^\]]+)\]\((https?:[^)\s]+)\)/g, '<a href="$2">$1</a>')
    .replace(/\[([^\]]+)\]\([^)]*\)/g, "$1");

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
