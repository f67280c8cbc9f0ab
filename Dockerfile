# Heed in one image; compose.yaml runs it as web, worker and encoder. A plain sketch: the project's checks do not run it.
FROM python:3.12-slim

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 HEED_DATA_DIR=/data HEED_LOG_FORMAT=json
# CPU builds of torch: without this index pip takes builds for graphics cards, several gigabytes larger.
ARG PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu

WORKDIR /srv/heed
COPY pyproject.toml README.md LICENSE ./
COPY requirements requirements
COPY config config
COPY feedback feedback
COPY manage.py .
RUN pip install -e . -c requirements/constraints.txt \
    && useradd --system --create-home heed \
    && install -d -o heed /data

USER heed
VOLUME /data
EXPOSE 8000
# Everything in one container. compose.yaml gives each process its own.
CMD ["python", "manage.py", "serve", "--host", "0.0.0.0", "--sample", "none"]
