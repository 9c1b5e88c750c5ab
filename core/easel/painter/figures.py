"""One figure: coat, limbs, head, face and hat as soft shapes, measured in heads."""

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from core.easel.painter.looks import Looks
from core.easel.painter.palette import Colour, in_look, mix, shade
from core.easel.painter.stage import Point, Stage, smooth


class Figure:
    """One person on a small sheet of their own, so that light can be laid along their outline."""

    def __init__(self, stage: Stage, looks: Looks, height: float, facing: int, pose: str) -> None:
        self.stage, self.looks, self.facing, self.pose = stage, looks, facing, pose
        self.height = height * looks.tall
        #: A head: the measure of everything else.
        self.head = height * 0.118
        self.near = height > stage.height * 1.2
        self.box = (round(self.height * 0.62), round(self.height * 1.12))

    def paint(self, x: float, feet: float) -> None:
        """Draw with the feet at (x, feet)."""
        left, top = round(x - self.box[0] / 2), round(feet - self.box[1])
        if self.stage.scene.look == "noir":
            # Black figures on a black ground would be lost: mist behind them.
            self.stage.glow(x, feet - self.height * 0.6, self.height * 0.55, self.stage.colours.horizon, 0.6)
        # Only the part that is on the sheet is worth painting.
        visible = min(self.box[1], max(8, self.stage.height - top))
        self.sheet = Image.new("RGB", (self.box[0], visible))
        self.mask = Image.new("L", self.sheet.size)
        self.colour, self.outline = ImageDraw.Draw(self.sheet), ImageDraw.Draw(self.mask)
        if feet < self.stage.height:
            shadow = self.height * 0.2
            self.stage.shadow(x + shadow * 0.1, feet, shadow)
        self._body()
        self._head()
        self._light()
        self.stage.image.paste(self.sheet, (left, top), self.mask)

    def at(self, x: float, y: float) -> Point:
        """Heads beside the spine (towards where they face), heads below the crown."""
        return self.box[0] / 2 + x * self.head * self.facing, self.box[1] - self.height + y * self.head

    def shape(self, points: list[Point], colour: Colour, *, soft: bool = True) -> None:
        placed = [self.at(x, y) for x, y in points]
        placed = smooth(placed) if soft else placed
        self.colour.polygon(placed, fill=in_look(colour, self.stage.scene.look))
        self.outline.polygon(placed, fill=255)

    def stroke(self, points: list[Point], colour: Colour, width: float) -> None:
        placed = [self.at(x, y) for x, y in points]
        thick = max(1, round(width * self.head))
        fill = in_look(colour, self.stage.scene.look)
        for draw, ink in ((self.colour, fill), (self.outline, 255)):
            draw.line(placed, fill=ink, width=thick, joint="curve")
            for x, y in (placed[0], placed[-1]):
                draw.ellipse((x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2), fill=ink)

    def _body(self) -> None:
        looks = self.looks
        end = self.height / self.head
        broad, hip = looks.broad, end * 0.52
        dark = mix(looks.coat, (30, 28, 36), 0.6)
        if looks.skirt:
            self.shape(
                [
                    (-0.55 * broad, hip - 1),
                    (0.5 * broad, hip - 1),
                    (0.95 * broad, end * 0.8),
                    (1.15 * broad, end - 0.12),
                    (0, end),
                    (-1.2 * broad, end - 0.12),
                    (-0.98 * broad, end * 0.8),
                ],
                shade(looks.coat, 0.86),
            )
        else:
            for side in (-1, 1):
                self.shape(
                    [
                        (side * 0.1, hip),
                        (side * 0.62 * broad, hip),
                        (side * 0.5 * broad, end - 0.2),
                        (side * 0.16, end - 0.2),
                    ],
                    dark,
                    soft=False,
                )
                self.shape(
                    [
                        (side * 0.3 - 0.24, end - 0.25),
                        (side * 0.3 + 0.5, end - 0.12),
                        (side * 0.3 + 0.5, end),
                        (side * 0.3 - 0.24, end),
                    ],
                    (36, 32, 34),
                    soft=False,
                )
        hem = hip - 0.6 if looks.skirt else hip + 0.9
        self._arm(-1)
        self.shape([(-0.28, 1.02), (0.28, 1.02), (0.3, 1.5), (-0.3, 1.5)], shade(looks.skin, 0.86), soft=False)
        self.shape(
            [
                (-0.36, 1.28),
                (0.36, 1.28),
                (0.98 * broad, 1.62),
                (0.94 * broad, 2.6),
                (0.66 * broad, 3.4),
                (0.84 * broad, hem),
                (-0.84 * broad, hem),
                (-0.66 * broad, 3.4),
                (-0.96 * broad, 2.6),
                (-0.98 * broad, 1.62),
            ],
            looks.coat,
        )
        self.shape([(-0.14, 1.34), (0.34, 1.34), (0.14, 2.3)], (232, 226, 212), soft=False)
        self.shape([(-0.36, 1.26), (-0.1, 1.3), (0.12, 2.34), (-0.24, 2.0)], shade(looks.coat, 0.74), soft=False)
        self.shape([(0.44, 1.26), (0.32, 1.3), (0.14, 2.34), (0.5, 2.0)], shade(looks.coat, 0.74), soft=False)
        for i in range(3):
            x, y = self.at(0.16, 2.6 + 0.42 * i)
            dot = self.head * 0.05
            self.colour.ellipse(
                (x - dot, y - dot, x + dot, y + dot),
                fill=in_look(shade(looks.coat, 0.5), self.stage.scene.look),
            )
        if looks.scarf:
            self.shape([(-0.42, 1.14), (0.44, 1.14), (0.5, 1.46), (-0.46, 1.48)], looks.scarf)
            self.shape([(0.1, 1.4), (0.42, 1.4), (0.4, 2.3), (0.16, 2.34)], shade(looks.scarf, 0.88), soft=False)
        self._arm(1)

    def _arm(self, side: int) -> None:
        looks, shoulder = self.looks, 0.84 * self.looks.broad * side
        sleeve = shade(looks.coat, 0.92 if side > 0 else 0.72)
        if self.pose == "reach" and side > 0:
            elbow, hand = (shoulder + 0.55, 2.55), (shoulder + 1.35, 2.1)
        elif self.pose == "hip":
            elbow, hand = (shoulder + 0.42 * side, 2.9), (shoulder - 0.08 * side, 3.6)
        else:
            elbow, hand = (shoulder + 0.16 * side, 3.0), (shoulder + 0.12 * side, 4.1)
        self.stroke([(shoulder, 1.86), elbow, hand], sleeve, 0.46)
        self.stroke(
            [hand, (hand[0] + (hand[0] - elbow[0]) * 0.16, hand[1] + (hand[1] - elbow[1]) * 0.16)],
            looks.skin,
            0.3,
        )

    def _head(self) -> None:
        looks = self.looks
        if looks.haircut == "long":
            self.shape(
                [(-0.56, 0.3), (0.2, 0.1), (0.5, 0.6), (0.42, 1.5), (0.1, 2.0), (-0.7, 2.1), (-0.72, 1.1)],
                shade(looks.hair, 0.85),
            )
        elif looks.haircut == "bun":
            self.shape([(-0.78, 0.1), (-0.4, -0.1), (-0.2, 0.3), (-0.5, 0.62), (-0.86, 0.5)], shade(looks.hair, 0.85))
        elif looks.haircut == "bob":
            self.shape([(-0.6, 0.3), (0.1, 0.05), (0.5, 0.5), (0.3, 1.1), (-0.62, 1.18)], shade(looks.hair, 0.85))
        self.shape(
            [
                (-0.42, 0.3),
                (0, 0.02),
                (0.4, 0.22),
                (0.47, 0.6),
                (0.36, 0.95),
                (0.08, 1.16),
                (-0.2, 1.08),
                (-0.42, 0.7),
            ],
            looks.skin,
        )
        self._face()
        if looks.beard:
            self.shape(
                [
                    (-0.4, 0.68),
                    (-0.1, 0.78),
                    (0.18, 0.76),
                    (0.46, 0.72),
                    (0.4, 1.08),
                    (0.12, 1.36),
                    (-0.24, 1.2),
                ],
                looks.hair,
            )
            self.stroke([(0.12, 0.9), (0.32, 0.9)], shade(looks.skin, 0.7), 0.05)
        self.shape(
            [
                (-0.5, 0.72),
                (-0.54, 0.26),
                (-0.3, -0.06),
                (0.14, -0.1),
                (0.44, 0.1),
                (0.46, 0.32),
                (0.1, 0.24),
                (-0.18, 0.36),
                (-0.3, 0.72),
            ],
            looks.hair,
        )
        self._hat()

    def _face(self) -> None:
        if self.head < 26:
            return
        looks, ink = self.looks, (44, 34, 38)
        for x in (-0.02, 0.28):
            eye_x, eye_y = self.at(x, 0.56)
            wide, tall = self.head * 0.075, self.head * 0.05
            white = in_look((246, 240, 230), self.stage.scene.look)
            if self.near:
                self.colour.ellipse((eye_x - wide, eye_y - tall, eye_x + wide, eye_y + tall), fill=white)
            iris = self.head * 0.042
            self.colour.ellipse(
                (eye_x - iris, eye_y - iris, eye_x + iris, eye_y + iris),
                fill=in_look(ink, self.stage.scene.look),
            )
            self.stroke([(x - 0.09, 0.49), (x + 0.0, 0.465), (x + 0.09, 0.49)], ink, 0.022)
            self.stroke([(x - 0.11, 0.42), (x + 0.0, 0.385), (x + 0.1, 0.41)], looks.hair, 0.04)
        self.stroke([(0.17, 0.54), (0.24, 0.74), (0.15, 0.77)], shade(looks.skin, 0.74), 0.035)
        lips = mix(looks.skin, (150, 50, 50), 0.5 if looks.skirt else 0.3)
        self.stroke([(0.02, 0.92), (0.14, 0.935), (0.26, 0.91)], lips, 0.05 if looks.skirt else 0.035)
        x, y = self.at(-0.12, 0.78)
        blush, spot = mix(looks.skin, (206, 96, 84), 0.22), self.head * 0.11
        self.colour.ellipse(
            (x - spot, y - spot * 0.7, x + spot, y + spot * 0.7), fill=in_look(blush, self.stage.scene.look)
        )

    def _hat(self) -> None:
        cloth = mix(self.looks.coat, (34, 30, 34), 0.6)
        match self.looks.hat:
            case "top":
                self.shape([(-0.4, 0.1), (-0.44, -0.86), (0.42, -0.86), (0.38, 0.1)], cloth, soft=False)
                self.shape(
                    [(-0.66, 0.06), (0, 0.16), (0.66, 0.06), (0.6, 0.18), (0, 0.27), (-0.6, 0.18)],
                    shade(cloth, 0.8),
                )
                self.shape(
                    [(-0.41, -0.06), (0.4, -0.06), (0.39, -0.2), (-0.42, -0.2)],
                    self.looks.scarf or shade(cloth, 1.4),
                    soft=False,
                )
            case "bowler":
                self.shape(
                    [(-0.46, 0.12), (-0.46, -0.22), (-0.1, -0.44), (0.24, -0.4), (0.46, -0.12), (0.42, 0.12)],
                    cloth,
                )
                self.shape(
                    [(-0.68, 0.08), (0, 0.18), (0.66, 0.08), (0.56, 0.2), (0, 0.28), (-0.58, 0.2)],
                    shade(cloth, 0.8),
                )
            case "cap":
                self.shape([(-0.54, 0.14), (-0.5, -0.14), (-0.1, -0.26), (0.36, -0.12), (0.44, 0.12)], cloth)
                self.shape([(0.2, 0.06), (0.6, 0.14), (0.72, 0.24), (0.3, 0.22)], shade(cloth, 0.75))
            case "brim":
                self.shape([(-0.42, 0.1), (-0.34, -0.3), (0.28, -0.32), (0.4, 0.1)], shade(self.looks.coat, 0.8))
                self.shape(
                    [(-0.95, 0.12), (-0.2, -0.02), (0.5, 0.02), (0.94, 0.18), (0.4, 0.24), (-0.4, 0.26)],
                    self.looks.coat,
                )

    def _light(self) -> None:
        """A soft shade on one side, a rim of light on the other: it gives the flat shapes a body."""
        look, towards = self.stage.scene.look, self._lamp_side()
        # At a quarter of the size: both are soft, and a close-up is large.
        outline = self.mask.reduce(4)
        step = max(1, round(self.head * 0.05))
        shade_of = ImageChops.subtract(outline, _moved(outline, towards * step, -step // 2))
        rim_of = ImageChops.subtract(outline, _moved(outline, -towards * max(1, step // 3), max(1, step // 4)))
        for edge, blur, colour, strength in (
            (shade_of, step * 0.8, (10, 8, 18), 0.55),
            (
                rim_of,
                max(0.6, step / 6),
                in_look(self.stage.colours.glow, look),
                0.9 if look == "noir" else 0.5,
            ),
        ):
            soft = edge.filter(ImageFilter.GaussianBlur(blur)).resize(self.mask.size, Image.Resampling.BICUBIC)
            self.sheet.paste(colour, (0, 0), soft.point([round(v * strength) for v in range(256)]))

    def _lamp_side(self) -> int:
        lights = self.stage.lights
        return self.facing if not lights else 1 if lights[0][0] > self.stage.width / 2 else -1


def _moved(mask: Image.Image, x: int, y: int) -> Image.Image:
    moved = Image.new("L", mask.size)
    moved.paste(mask, (x, y))
    return moved
