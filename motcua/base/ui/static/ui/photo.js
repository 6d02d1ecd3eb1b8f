// Shrinks a photo before it leaves the phone: longest side 2000 px, JPEG. Without this script the whole photo is sent, and works too.
const LONGEST = 2000;
const QUALITY = 0.75;
const SMALL_ENOUGH = 600 * 1024;
const READABLE = 1000;

async function shrink(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const pen = canvas.getContext("2d");
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  return { blob, faint: faint(pen, canvas), side: Math.max(picture.width, picture.height) };
}

// A photo without edges is blurred, one without light is dark: ask, never forbid.
function faint(pen, canvas) {
  const { data, width, height } = pen.getImageData(0, 0, canvas.width, canvas.height);
  let light = 0, edge = 0, seen = 0;
  for (let y = 4; y < height - 4; y += 4) {
    for (let x = 4; x < width - 4; x += 4) {
      const at = (y * width + x) * 4;
      const mid = data[at + 1];
      light += mid;
      edge += (4 * mid - data[at - 3] - data[at + 5] - data[at + 1 - width * 4] - data[at + 1 + width * 4]) ** 2;
      seen += 1;
    }
  }
  return { dark: light / seen < 60, blurred: edge / seen < 40 };
}

function say(input, words) {
  let line = input.parentElement.querySelector("[data-said]");
  if (!line) {
    line = Object.assign(document.createElement("p"), { className: "quiet tight" });
    line.dataset.said = "";
    line.setAttribute("role", "status");
    input.after(line);
  }
  line.textContent = words;
}

async function take(input) {
  const files = new DataTransfer();
  const words = input.dataset;
  let said = "";
  for (const file of input.files) {
    let kept = file;
    if (file.type.startsWith("image/")) {
      try {
        const { blob, faint: look, side } = await shrink(file);
        if (blob && (blob.size < file.size || file.size > SMALL_ENOUGH)) {
          kept = new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
        }
        if (side < READABLE) said = words.small;
        else if (look.dark) said = words.dark;
        else if (look.blurred) said = words.blurred;
        else said = words.ready;
      } catch {
        kept = file; // a kind of picture this browser cannot draw: the server decides
      }
    }
    files.items.add(kept);
  }
  input.files = files.files;
  if (said) say(input, `${said} (${Math.round([...input.files].reduce((sum, f) => sum + f.size, 0) / 1024)} kB)`);
}

for (const input of document.querySelectorAll("input[type=file][data-ready]")) {
  input.addEventListener("change", () => take(input));
}
